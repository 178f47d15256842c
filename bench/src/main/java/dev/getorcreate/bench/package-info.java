/** Speed beside peers, in one run. */
@NullMarked
package dev.getorcreate.bench;

import org.jspecify.annotations.NullMarked;
