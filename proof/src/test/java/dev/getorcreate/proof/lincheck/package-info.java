/** What threads of one process do to a key at the same time, under Lincheck. */
@NullMarked
package dev.getorcreate.proof.lincheck;

import org.jspecify.annotations.NullMarked;
