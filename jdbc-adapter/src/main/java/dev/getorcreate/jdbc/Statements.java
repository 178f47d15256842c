package dev.getorcreate.jdbc;

import dev.getorcreate.jdbc.Settings.OwnSql;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What is said to the database about one table. Parameters are the key's columns and then, in an INSERT, the others. */
final class Statements {

    private final Dialect dialect;
    private final List<String> keyNames;
    private final String bareTable;
    private final String quotedTable;
    private final String insertInto;
    private final OwnSql own;

    /** What the row of a key fulfils. */
    private final String condition;

    /** By the columns that a row sets beside its key: in most programs always the same. */
    private final Map<List<String>, String> inserts = new ConcurrentHashMap<>();

    Statements(Settings<?, ?> settings, Dialect dialect, TableFacts facts, List<String> keyNames) {
        this.dialect = dialect;
        this.keyNames = keyNames;
        this.insertInto = facts.insertInto();
        String schema = settings.schema(dialect.folding());
        // As an index's condition may name it too.
        this.bareTable = dialect.quote(settings.name(dialect.folding()));
        this.quotedTable = (schema == null ? "" : dialect.quote(schema) + '.') + bareTable;
        String where = facts.where(keyNames, settings.partialIndexName(dialect.folding()));
        this.condition = keyNames.stream()
                        .map(name -> dialect.quote(name) + ' ' + comparison(facts, name))
                        .collect(Collectors.joining(" AND "))
                + (where == null ? "" : " AND (" + where + ')');
        OwnSql given = settings.sql();
        this.own = given == null ? new OwnSql("SELECT * FROM " + quotedTable + " WHERE " + condition, "") : given;
    }

    private static String comparison(TableFacts facts, String column) {
        return Objects.requireNonNull(facts.columns().get(column)).comparison();
    }

    String select() {
        return own.find();
    }

    /** One row; where the database can, it gives that row back. */
    String insert(List<String> others) {
        if (!own.insert().isEmpty()) {
            return own.insert();
        }
        return inserts.computeIfAbsent(others, set -> {
            String plain = insert(set, 1);
            return dialect.returning(plain).orElse(plain);
        });
    }

    /** Many rows, and nothing given back. */
    String insert(List<String> others, int rows) {
        Set<String> all = new LinkedHashSet<>(keyNames);
        all.addAll(others);
        String row = '(' + String.join(", ", Collections.nCopies(all.size(), "?")) + ')';
        return insertInto + quotedTable + " ("
                + all.stream().map(dialect::quote).collect(Collectors.joining(", ")) + ") VALUES "
                + String.join(", ", Collections.nCopies(rows, row));
    }

    /** Many keys, whose number stands in a column of its own behind the others. */
    String select(int keys, String number) {
        return IntStream.range(0, keys)
                .mapToObj(n -> "SELECT " + bareTable + ".*, " + n + " AS " + number + " FROM " + quotedTable + " WHERE "
                        + condition)
                .collect(Collectors.joining(" UNION ALL "));
    }
}
