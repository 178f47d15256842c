/** What the engine promises, one test a promise: over real stores where the shared tier matters. */
@NullMarked
package dev.getorcreate.proof.engine;

import org.jspecify.annotations.NullMarked;
