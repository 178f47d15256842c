package dev.getorcreate.proof.chaos;

/**
 * What must not have happened.
 *
 * @param key {@link Event#NO_KEY} if it is no key's
 * @param at around when
 */
record Violation(Kind kind, String key, long at, String what) {

    enum Kind {
        /** I1: more than one row of a key. */
        DUPLICATE,
        /** I2: not the row's record, a version of it that there never was, or none though there was a row. */
        WRONG_ANSWER,
        /** I3: two answers for one row said CREATED; or none, where nothing was disturbed. */
        NOT_ONE_CREATED,
        /** I4, I5: a version older than what had to be known by then. */
        STALE,
        /** A caller got an exception that nothing explains. */
        CALLER_ERROR,
        /** I6: a call never ended, in a process that lived on; or the process itself did not. */
        UNANSWERED,
        /** I6: a call took longer than all that it may wait for. */
        TOO_LATE,
        /** I7: more creator runs than one, or none, where nothing was disturbed. */
        EXTRA_CREATOR_RUN,
        /** The run proves nothing: what it was to show did not occur. */
        PROVES_NOTHING
    }
}
