/** The architecture as tests: where arrows point, what is public, which habits are kept. */
@NullMarked
package dev.getorcreate.proof.arch;

import org.jspecify.annotations.NullMarked;
