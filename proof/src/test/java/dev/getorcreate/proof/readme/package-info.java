/** The README as tests: its example runs, and what it names exists. */
@NullMarked
package dev.getorcreate.proof.readme;

import org.jspecify.annotations.NullMarked;
