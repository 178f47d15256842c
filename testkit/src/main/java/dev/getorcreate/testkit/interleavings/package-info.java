/**
 * Every order in which callers can take their steps, gone through one after the other, on the real code: who writes over
 * whom is found, drawn, and run again at will. {@link dev.getorcreate.testkit.interleavings.Interleavings} is the door.
 */
@NullMarked
package dev.getorcreate.testkit.interleavings;

import org.jspecify.annotations.NullMarked;
