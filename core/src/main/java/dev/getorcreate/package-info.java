/** The API: {@link dev.getorcreate.GetOrCreateCache}, its builder, its answers and its errors. */
@NullMarked
package dev.getorcreate;

import org.jspecify.annotations.NullMarked;
