/** The doors: what a local store, a shared store, a codec and a clock must do. An adapter is a few small files. */
@NullMarked
package dev.getorcreate.spi;

import org.jspecify.annotations.NullMarked;
