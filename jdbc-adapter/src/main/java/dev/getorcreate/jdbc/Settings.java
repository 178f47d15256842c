package dev.getorcreate.jdbc;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;
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
        Duration statementTimeout) {

    /** A column of the key, and how to get its value from a key. */
    record KeyColumn<K>(Identifier name, Function<? super K, ?> value) {}

    /** The table as the user wrote it, for messages. */
    String tableName() {
        return String.join(".", table.stream().map(Identifier::text).toList());
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
