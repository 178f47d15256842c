/**
 * What is promised across processes, shown by several JVMs on a real Redis and a real PostgreSQL, which are killed, frozen
 * and cut off.
 */
@NullMarked
package dev.getorcreate.proof.processes;

import org.jspecify.annotations.NullMarked;
