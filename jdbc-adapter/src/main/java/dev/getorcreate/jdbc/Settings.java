package dev.getorcreate.jdbc;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** What the builder was told. */
record Settings<K, V>(
        DataSource dataSource,
        List<Identifier> table,
        List<KeyColumn<K>> keys,
        RowWriter<? super K, ? super V> writer,
        RowMapper<? extends V> mapper,
        @Nullable Function<? super V, ? extends K> keyOf,
        @Nullable Function<? super V, ?> identity,
        @Nullable UnaryOperator<K> canonicalKey,
        @Nullable Identifier partialIndex,
        @Nullable OwnSql sql,
        @Nullable CallerTransactions transactions,
        Duration statementTimeout) {

    /** The user's statements, in place of ours. */
    record OwnSql(String find, String insert) {}

    /** A column of the key, and how to get its value from a key. */
    record KeyColumn<K>(Identifier name, Function<? super K, ?> value) {}

    /** The table as the user wrote it, for messages. */
    String tableName() {
        return String.join(".", table.stream().map(Identifier::text).toList());
    }

    /** The name of the index that decides though it is partial. */
    @Nullable
    String partialIndexName(Folding folding) {
        return partialIndex == null ? null : partialIndex.stored(folding);
    }

    /** What the key is to the caches. */
    K canonical(K key) {
        if (canonicalKey == null) {
            return key;
        }
        @Nullable K made = canonicalKey.apply(key);
        if (made == null) {
            throw new IllegalArgumentException("canonicalKey gave null for a key of table " + tableName());
        }
        return made;
    }

    @Nullable
    String schema(Folding folding) {
        return table.size() == 1 ? null : table.get(0).stored(folding);
    }

    String name(Folding folding) {
        return table.get(table.size() - 1).stored(folding);
    }

    /** The key's columns, by the names that the table has for them. */
    List<String> keyNames(TableFacts facts, Folding folding) {
        return keys.stream()
                .map(key -> facts.columnName(key.name().stored(folding), folding))
                .toList();
    }
}
