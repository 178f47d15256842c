package dev.getorcreate.jdbc;

/** Says what a new row holds beside its key. */
@FunctionalInterface
public interface RowWriter<K, V> {

    /** Sets every column that is neither the key's nor left to its default; may be called more than once. */
    void write(Columns columns, K key, V candidate);
}
