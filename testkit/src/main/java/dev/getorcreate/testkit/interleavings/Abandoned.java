package dev.getorcreate.testkit.interleavings;

/** Unwinds a thread whose run is over. An error, so that code under test does not take it for its own. */
final class Abandoned extends Error {

    private static final long serialVersionUID = 1L;

    Abandoned() {
        super("this interleaving is over", null, false, false);
    }
}
