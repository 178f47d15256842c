/** The real engine under every order of its steps. */
@NullMarked
package dev.getorcreate.proof.interleavings;

import org.jspecify.annotations.NullMarked;
