/** Meters of a cache, for Micrometer. */
@NullMarked
package dev.getorcreate.micrometer;

import org.jspecify.annotations.NullMarked;
