package dev.getorcreate;

/** Where an answer came from. */
public enum Source {
    /** A fresh entry of this process. */
    LOCAL,
    /** A record in the shared store. */
    SHARED,
    /** Somebody else resolved the key while this caller waited: another thread of this process, or another process. */
    WAITED,
    /** The arbiter had the row already; no creator ran. */
    FOUND,
    /** This caller's candidate became the record. At most one answer per row says so. */
    CREATED,
    /** The arbiter refused this caller's candidate, since a row stood already; the answer is that row's record. */
    ADOPTED,
    /**
     * The answer of the insert was lost, and the row was read back: it may be this caller's or another's. Nobody else
     * is told {@code CREATED} for it by this library unless that was so.
     */
    RECOVERED,
    /** A record past its soft expiry. Nothing gives it yet: no answer is served beyond its time. */
    STALE
}
