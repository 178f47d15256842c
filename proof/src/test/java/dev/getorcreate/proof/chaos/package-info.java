/**
 * A bounded run of several processes under faults drawn from a seed, each of which writes down what it was answered, and a
 * checker that reads nothing but what was written.
 */
@NullMarked
package dev.getorcreate.proof.chaos;

import org.jspecify.annotations.NullMarked;
