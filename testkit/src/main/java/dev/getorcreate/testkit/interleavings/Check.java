package dev.getorcreate.testkit.interleavings;

/** Judges one interleaving by what it came to: throws, as JUnit's assertions do, if that must not be. */
@FunctionalInterface
public interface Check {

    /** Called on the exploring thread when nobody takes steps any more; looks into stores are no steps then. */
    void check(Result result) throws Exception;
}
