/** The shared store, on Redis through Lettuce. */
@NullMarked
package dev.getorcreate.redis;

import org.jspecify.annotations.NullMarked;
