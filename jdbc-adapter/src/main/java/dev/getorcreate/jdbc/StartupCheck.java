package dev.getorcreate.jdbc;

import dev.getorcreate.jdbc.TableFacts.UniqueIndex;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Looks whether the table can hold the promise, and says what is missing where it cannot. */
final class StartupCheck {

    private final Settings<?, ?> settings;
    private final Connection connection;
    private final Dialect dialect;
    private final Folding folding;

    StartupCheck(Settings<?, ?> settings, Connection connection, Dialect dialect, Folding folding) {
        this.settings = settings;
        this.connection = connection;
        this.dialect = dialect;
        this.folding = folding;
    }

    /**
     * The facts of a table on which a unique constraint covers exactly the key.
     *
     * @throws IllegalStateException if something is wrong; it says what, and what to do
     */
    TableFacts run() throws SQLException {
        dialect.refusesWrites(connection).ifPresent(why -> {
            throw new IllegalStateException(why + "; the arbiter must be given the primary, where it can insert");
        });
        String schema = settings.schema(folding);
        String table = settings.name(folding);
        TableFacts facts = dialect.facts(connection, schema, table).orElseThrow(() -> {
            String quoted = (schema == null ? "" : Identifier.quote(schema) + '.') + Identifier.quote(table);
            return new IllegalStateException("there is no table " + quoted + " (from \"" + settings.tableName()
                    + "\"): create it first, or name its schema; a name with capitals may need \"quotes\"");
        });
        if (facts.kind() != null) {
            throw new IllegalStateException(settings.tableName() + " is " + facts.kind()
                    + ", which can have no unique constraint: name the table itself");
        }
        Set<String> keys = new HashSet<>(settings.keyNames(folding));
        for (String key : keys) {
            if (!facts.columns().containsKey(key)) {
                throw new IllegalStateException("table " + settings.tableName() + " has no key column " + key
                        + "; it has " + String.join(", ", facts.columns().keySet()));
            }
        }
        List<String> nullable =
                keys.stream().filter(facts.columns()::get).sorted().toList();
        boolean unguarded = facts.keyConstraints(keys).isEmpty();
        if (unguarded || !nullable.isEmpty()) {
            throw new IllegalStateException(missing(facts, keys, nullable, unguarded));
        }
        return facts;
    }

    private String missing(TableFacts facts, Set<String> keys, List<String> nullable, boolean unguarded)
            throws SQLException {
        String table = typedTable();
        List<String> columns = new ArrayList<>();
        for (String key : settings.keyNames(folding)) {
            columns.add(dialect.typed(connection, key));
        }
        String list = String.join(", ", columns);
        StringBuilder message = new StringBuilder("table " + settings.tableName());
        if (unguarded) {
            message.append(" has no unique constraint on exactly its key (" + list
                    + "), so nothing keeps a second row of a key out. Add it:");
        } else {
            message.append(" lets its key be null, and nulls are never equal, so never unique. Forbid them:");
        }
        for (String column : nullable) {
            message.append("\n  ALTER TABLE " + table + " ALTER COLUMN " + dialect.typed(connection, column)
                    + " SET NOT NULL;");
        }
        if (unguarded) {
            message.append(
                    "\n  ALTER TABLE " + table + " ADD CONSTRAINT " + constraintName() + " UNIQUE (" + list + ");");
            appendNearMisses(message, facts, keys);
            appendObstacles(message, table, list);
        }
        return message.toString();
    }

    private String typedTable() throws SQLException {
        String name = dialect.typed(connection, settings.name(folding));
        String schema = settings.schema(folding);
        return schema == null ? name : dialect.typed(connection, schema) + '.' + name;
    }

    private String constraintName() throws SQLException {
        String name =
                folding.apply("uq_") + settings.name(folding) + '_' + String.join("_", settings.keyNames(folding));
        // The longest name that PostgreSQL keeps.
        return dialect.typed(connection, name.substring(0, Math.min(63, name.length())));
    }

    /** An index that looks as if it did: why it does not. */
    private static void appendNearMisses(StringBuilder message, TableFacts facts, Set<String> keys) {
        for (UniqueIndex index : facts.unique()) {
            List<String> why = new ArrayList<>(index.flaws());
            if (!index.covers(keys) && index.columns().stream().noneMatch(keys::contains)) {
                continue;
            }
            if (!index.covers(keys) && why.isEmpty()) {
                why.add("is on other columns: "
                        + index.columns().stream().map(String::valueOf).collect(Collectors.joining(", ")));
            }
            message.append("\n  (" + index.names().get(0) + " does not count: it " + String.join(", and ", why) + ")");
        }
    }

    private void appendObstacles(StringBuilder message, String table, String list) {
        String duplicates = "SELECT " + list + ", count(*) FROM " + table + " GROUP BY " + list
                + " HAVING count(*) > 1 ORDER BY count(*) DESC";
        String count = "SELECT count(*), coalesce(sum(n - 1), 0) FROM (SELECT count(*) AS n FROM " + table
                + " GROUP BY " + list + " HAVING count(*) > 1) AS d";
        try (Statement ask = connection.createStatement();
                ResultSet row = ask.executeQuery(count)) {
            row.next();
            if (row.getLong(1) == 0) {
                message.append("\nNo duplicates stand in its way now.");
            } else {
                message.append("\n" + row.getLong(2) + " duplicate rows of " + row.getLong(1)
                        + " keys stand in its way. List them:\n  " + duplicates + ";");
            }
        } catch (SQLException e) {
            // The count may be too slow for the time-outs of this connection; the finding itself stands.
            message.append("\nDuplicates may stand in its way (they could not be counted: SQLState " + e.getSQLState()
                    + "). List them:\n  " + duplicates + ";");
        }
    }
}
