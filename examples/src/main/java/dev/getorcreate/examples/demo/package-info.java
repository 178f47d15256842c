/** The demo: the race of get-then-set and its cure, by several processes on real servers. */
@NullMarked
package dev.getorcreate.examples.demo;

import org.jspecify.annotations.NullMarked;
