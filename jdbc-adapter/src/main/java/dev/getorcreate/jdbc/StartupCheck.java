package dev.getorcreate.jdbc;

import dev.getorcreate.jdbc.Dialect.TypedTable;
import dev.getorcreate.jdbc.TableFacts.Column;
import dev.getorcreate.jdbc.TableFacts.UniqueIndex;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Looks whether the table can hold the promise, and says what is missing where it cannot. */
final class StartupCheck {

    private static final System.Logger LOG = System.getLogger(JdbcArbiter.class.getName());

    private final Settings<?, ?> settings;
    private final Connection connection;
    private final boolean ours;
    private final Dialect dialect;
    private final Folding folding;

    StartupCheck(Settings<?, ?> settings, Session session, Dialect dialect) {
        this.settings = settings;
        this.connection = session.connection();
        this.ours = session.ours() != null;
        this.dialect = dialect;
        this.folding = dialect.folding();
    }

    /**
     * The facts of a table on which a unique constraint covers exactly the key.
     *
     * @throws IllegalStateException if something is wrong; it says what, and what to do
     */
    TableFacts run() throws SQLException {
        if (ours) {
            requireWrites();
            requireReadsOfWhatIsCommitted();
        }
        String schema = settings.schema(folding);
        String table = settings.name(folding);
        TableFacts facts = dialect.facts(connection, schema, table).orElseThrow(() -> {
            String quoted = (schema == null ? "" : dialect.quote(schema) + '.') + dialect.quote(table);
            return new IllegalStateException("there is no table " + quoted + " (from \"" + settings.tableName()
                    + "\"): create it first, or name its schema; a name with capitals may need \"quotes\"");
        });
        if (facts.kind() != null) {
            throw new IllegalStateException(settings.tableName() + " is " + facts.kind()
                    + ", which can have no unique constraint: name the table itself");
        }
        List<String> keyNames = settings.keyNames(facts, folding);
        Set<String> keys = new HashSet<>(keyNames);
        for (String key : keyNames) {
            if (!facts.columns().containsKey(key)) {
                throw new IllegalStateException("table " + settings.tableName() + " has no key column " + key
                        + "; it has " + String.join(", ", facts.columns().keySet()));
            }
        }
        if (keys.size() < keyNames.size()) {
            throw new IllegalStateException("a key column of table " + settings.tableName() + " is named twice: "
                    + String.join(", ", keyNames));
        }
        List<String> nullable =
                keyNames.stream().filter(key -> column(facts, key).nullable()).toList();
        boolean unguarded =
                facts.keyConstraints(keys, settings.partialIndexName(folding)).isEmpty();
        if (unguarded || !nullable.isEmpty()) {
            throw new IllegalStateException(missing(facts, keyNames, nullable, unguarded));
        }
        requirePartialIndex(facts, keyNames);
        warnOfFoldedKeys(facts, keyNames);
        return facts;
    }

    private void requireWrites() throws SQLException {
        dialect.refusesWrites(connection).ifPresent(why -> {
            throw new IllegalStateException(why + "; the arbiter must be given the primary, where it can insert");
        });
    }

    /** Otherwise a row that somebody rolls back is found, and published for as long as records live. */
    private void requireReadsOfWhatIsCommitted() throws SQLException {
        if (dialect.readsUncommitted(connection)) {
            throw new IllegalStateException(
                    "the transaction isolation of this DataSource's sessions is READ UNCOMMITTED, so a row that is"
                            + " rolled back could be found and published: set READ COMMITTED, or a stricter one");
        }
    }

    /** Otherwise rows would be found that were not meant. */
    private void requirePartialIndex(TableFacts facts, List<String> keyNames) {
        Identifier partial = settings.partialIndex();
        if (partial != null && facts.where(keyNames, partial.stored(folding)) == null) {
            throw new IllegalStateException(
                    "table " + settings.tableName() + " has no partial unique index "
                            + partial.text() + " on exactly its key (" + String.join(", ", keyNames)
                            + "), and another constraint that binds every row: correct the name, or leave partialIndex(...) out");
        }
    }

    /** No refusal: whoever never asks for keys that differ so is fine, and a row of another key is never the answer. */
    private void warnOfFoldedKeys(TableFacts facts, List<String> keyNames) throws SQLException {
        if (settings.canonicalKey() != null) {
            return;
        }
        long bytes = keyNames.stream()
                .mapToLong(key -> column(facts, key).exactBytes())
                .sum();
        for (String key : keyNames) {
            String folds = column(facts, key).folds();
            if (folds != null) {
                LOG.log(
                        Level.WARNING,
                        "key column " + key + " of table " + settings.tableName() + " has " + folds
                                + ": keys that differ only so are one to the database and several to the caches. Give"
                                + " canonicalKey(...) to the cache and to this arbiter, or let the column compare exactly: "
                                + dialect.compareExactly(connection, typedTable(), key, bytes));
            }
        }
    }

    private static Column column(TableFacts facts, String name) {
        return Objects.requireNonNull(facts.columns().get(name));
    }

    private String missing(TableFacts facts, List<String> keyNames, List<String> nullable, boolean unguarded)
            throws SQLException {
        TypedTable table = typedTable();
        List<String> columns = new ArrayList<>();
        for (String key : keyNames) {
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
            message.append("\n  " + dialect.forbidNulls(connection, table, column));
        }
        if (unguarded) {
            long bytes = keyNames.stream()
                    .mapToLong(key -> column(facts, key).bytes())
                    .sum();
            message.append("\n  " + dialect.addUnique(table, constraintName(keyNames), list, bytes));
            appendNearMisses(message, facts, new HashSet<>(keyNames));
            appendObstacles(message, table.qualified(), list);
        }
        return message.toString();
    }

    private TypedTable typedTable() throws SQLException {
        String schema = settings.schema(folding);
        return new TypedTable(
                schema == null ? null : dialect.typed(connection, schema),
                dialect.typed(connection, settings.name(folding)));
    }

    private String constraintName(List<String> keyNames) throws SQLException {
        String name = folding.apply("uq_") + settings.name(folding) + '_' + String.join("_", keyNames);
        // The longest name that PostgreSQL keeps.
        return dialect.typed(connection, name.substring(0, Math.min(63, name.length())));
    }

    /** An index that looks as if it did, or has an expression, maybe of the key: why it does not. */
    private static void appendNearMisses(StringBuilder message, TableFacts facts, Set<String> keys) {
        for (UniqueIndex index : facts.unique()) {
            List<String> why = new ArrayList<>(index.flaws());
            if (!index.covers(keys)
                    && index.columns().stream().noneMatch(column -> column == null || keys.contains(column))) {
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
                long rows = row.getLong(2);
                message.append("\n" + counted(rows, "duplicate row") + " of " + counted(row.getLong(1), "key")
                        + (rows == 1 ? " stands" : " stand") + " in its way. List them:\n  " + duplicates + ";");
            }
        } catch (SQLException e) {
            // The count may be too slow for the time-outs of this connection; the finding itself stands.
            message.append("\nDuplicates may stand in its way (they could not be counted: " + Refusals.codes(e)
                    + "). List them:\n  " + duplicates + ";");
        }
    }

    private static String counted(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
