/** The model of the protocol, checked by TLC. */
@NullMarked
package dev.getorcreate.proof.tla;

import org.jspecify.annotations.NullMarked;
