/**
 * Contract tests of the doors, in-memory twins that pass them, time that a test owns, faults, and real servers for tests:
 * for this project and for those who write an adapter or test code that uses a cache.
 */
@NullMarked
package dev.getorcreate.testkit;

import org.jspecify.annotations.NullMarked;
