/** Values as JSON, by Jackson 3. */
@NullMarked
package dev.getorcreate.jackson;

import org.jspecify.annotations.NullMarked;
