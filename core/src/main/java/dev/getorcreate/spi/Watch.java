package dev.getorcreate.spi;

/** How the engine learns, where the wire is seen, that a record it asked for has been read. */
@FunctionalInterface
public interface Watch {

    /**
     * A record was read under this word, and may be kept locally, if it is the answer. (A claim that went along with the
     * look may find it gone, and be granted.) Called on the thread that
     * sees the wire, in its order with {@link Changes#changed}, and before the asking thread gets the answer. Not called
     * for an answer that must not be kept: read untracked without a bound, or of a key whose invalidation is pending.
     */
    void answered(Vouch vouch);
}
