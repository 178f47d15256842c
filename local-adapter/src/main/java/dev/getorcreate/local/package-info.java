/** The local store, on Caffeine. */
@NullMarked
package dev.getorcreate.local;

import org.jspecify.annotations.NullMarked;
