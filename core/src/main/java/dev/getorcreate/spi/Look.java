package dev.getorcreate.spi;

import java.nio.ByteBuffer;

/** What a look into the shared store showed. */
public sealed interface Look {

    /**
     * A record.
     *
     * @param payload what the codec wrote; decoding it moves its position, so it is decoded once
     * @param seen all the bytes that were read, for replacing exactly them if the payload cannot be decoded. Not copied:
     *     whoever has them must not write to them
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody; a copy of each payload would be the price
    record Present(ByteBuffer payload, byte[] seen) implements Look {}

    /** No record and no claim. */
    record Nothing() implements Look {
        /** The only one needed. */
        public static final Nothing NOTHING = new Nothing();
    }

    /** The claim asked for is ours, and is being renewed. */
    record Granted() implements Look {
        /** The only one needed. */
        public static final Granted GRANTED = new Granted();
    }

    /**
     * Somebody else's claim. One may sleep on it through {@link SharedSpace#next}.
     *
     * @param token whose
     * @param leaseMillis how long it lives without renewal, as its holder said
     * @param changes the shared store's count of changes when this was read, so that one that came since is not slept over
     */
    record Held(Token token, long leaseMillis, long changes) implements Look {}

    /**
     * The mark of a creation that failed: an answer for who waited on that claim, and a miss that is claimed over for
     * everybody else.
     *
     * @param token of the claim under which it failed
     * @param error the name of the error's class
     * @param message the error's message, empty if it had none
     * @param seen the bytes that were read, for replacing exactly them. Not copied, as above
     */
    @SuppressWarnings("ArrayRecordComponent") // as above
    record Failed(Token token, String error, String message, byte[] seen) implements Look {}

    /**
     * Something that is neither a record nor a claim of a known kind, or a record of another codec or version: a miss,
     * that is counted and overwritten. Where only its payload is broken, the watch may have been told before that was
     * found out.
     *
     * @param seen the bytes that were read, empty for a key of another type
     * @param why for the log, without the value
     */
    @SuppressWarnings("ArrayRecordComponent") // as above
    record Unreadable(byte[] seen, String why) implements Look {}
}
