/** Deliberate breaks, and the tests that must notice them. */
@NullMarked
package dev.getorcreate.proof.mutants;

import org.jspecify.annotations.NullMarked;
