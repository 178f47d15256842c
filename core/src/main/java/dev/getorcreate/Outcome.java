package dev.getorcreate;

/**
 * An answer and where it came from.
 *
 * @param value the record
 * @param source where the answer came from
 */
public record Outcome<V>(V value, Source source) {

    /** Whether this very caller created the record; of all the callers of a row, at most one is told so. */
    public boolean created() {
        return source == Source.CREATED;
    }
}
