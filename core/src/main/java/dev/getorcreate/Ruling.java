package dev.getorcreate;

/**
 * What the arbiter decided about a candidate.
 *
 * @param winner the committed row's record: the candidate's own row, as the database has it, or the row that stood there
 * @param verdict whose row it is
 */
public record Ruling<V>(V winner, Verdict verdict) {

    /** Whose row the winner is. */
    public enum Verdict {
        /** The candidate was inserted. */
        CREATED,
        /** Another row stood there; the candidate was dropped. */
        ADOPTED,
        /** The insert's own answer was lost and the row was read back: it may be the candidate's or another's. */
        RECOVERED
    }

    /** The candidate was inserted, and {@code winner} is its row. */
    public static <V> Ruling<V> created(V winner) {
        return new Ruling<>(winner, Verdict.CREATED);
    }

    /** Somebody else got there first, and {@code winner} is their row. */
    public static <V> Ruling<V> adopted(V winner) {
        return new Ruling<>(winner, Verdict.ADOPTED);
    }

    /** The insert's answer was lost, and {@code winner} is the row that stands there now. */
    public static <V> Ruling<V> recovered(V winner) {
        return new Ruling<>(winner, Verdict.RECOVERED);
    }
}
