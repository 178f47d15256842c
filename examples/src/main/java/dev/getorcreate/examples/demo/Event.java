package dev.getorcreate.examples.demo;

/**
 * Something that one thread did for one key, with the clock that all processes of a machine share.
 *
 * @param process which process, from 0
 * @param thread which of its threads, from 0
 * @param kind what was done
 * @param note what came of it; its meaning depends on the kind
 * @param key the key's number
 * @param from when it began, in nanoseconds of {@link System#nanoTime()}
 * @param to when it ended
 * @param record which record it was about, as {@link Names#fingerprint}; 0 for none
 */
record Event(int process, int thread, Kind kind, int note, int key, long from, long to, long record) {

    /** The note of a step that found, was granted, or succeeded. */
    static final int YES = 1;

    /** The note of a step that found nothing, or was refused. */
    static final int NO = 0;

    /** The note of a step that met somebody else's claim. */
    static final int HELD = 2;

    enum Kind {
        /** Not a record of the journal: its slot is being written. */
        NONE,
        /** A call returned; the note is the ordinal of its {@link dev.getorcreate.Source}. */
        ANSWER,
        /** A call threw. */
        ERROR,
        /** A look into Redis. */
        GET,
        /** An attempt to claim the key in Redis. */
        CLAIM,
        /** A sleep on somebody else's claim. */
        WAIT,
        /** A look into the table. */
        FIND,
        /** A creator began. Written at once, since its end may never come. */
        CREATING,
        /** A creator ended. */
        CREATE,
        /** An insert into the table. */
        INSERT,
        /** The record was written to Redis. */
        SET
    }

    long nanos() {
        return to - from;
    }
}
