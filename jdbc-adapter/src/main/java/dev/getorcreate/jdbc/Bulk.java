package dev.getorcreate.jdbc;

import dev.getorcreate.ArbiterFailedException;
import dev.getorcreate.Ruling;
import dev.getorcreate.jdbc.Columns.Parameter;
import dev.getorcreate.jdbc.Failures.NotConnectedException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Many keys in one statement. */
final class Bulk<K, V> {

    /** Within what every database takes of parameters, and SQLite of SELECTs that are united (500). */
    static final int LIMIT = 100;

    private static final String NUMBER = "getorcreate_number";

    private final Settings<K, V> settings;
    private final KeyedTable<K, V> table;

    Bulk(Settings<K, V> settings, KeyedTable<K, V> table) {
        this.settings = settings;
        this.table = table;
    }

    /** The rows that the session sees of at most {@link #LIMIT} different keys. */
    Map<K, V> select(Session session, List<K> asked) throws SQLException {
        Map<K, V> found = new LinkedHashMap<>();
        try (Timed select = session.prepare(
                table.statements().select(asked.size(), NUMBER), table.dialect().watched())) {
            int index = 1;
            for (K key : asked) {
                index = KeyedTable.bindKey(select.statement, index, table.keyValues(settings.canonical(key)));
            }
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    K key = asked.get(rows.getInt(NUMBER));
                    K canonical = settings.canonical(key);
                    if (found.put(key, table.read(rows, canonical, table.keyValues(canonical))) != null) {
                        throw table.moreThanOne();
                    }
                }
            }
        }
        return found;
    }

    /**
     * Inserts at most {@link #LIMIT} candidates by one statement, which writes all or none; where it writes none, one
     * after another, each with all that may happen to it.
     */
    Map<K, Ruling<V>> insert(Map<K, V> candidates) {
        boolean together = false;
        boolean lost = false;
        try (Session own = table.toInsert(new Attempts(settings.statementTimeout()))) {
            together = insertedTogether(own, candidates);
            if (together) {
                return created(own, candidates);
            }
        } catch (NotConnectedException e) {
            throw refusals().notConnected(e);
        } catch (SQLException e) {
            lost = table.dialect().connectionLost(e);
        }
        // What is found then may be what stands there by the first statement.
        boolean unclear = together || lost;
        Map<K, Ruling<V>> rulings = new LinkedHashMap<>();
        for (Map.Entry<K, V> each : candidates.entrySet()) {
            rulings.put(each.getKey(), new Insertion<>(settings, table, each.getKey(), each.getValue(), unclear).run());
        }
        return rulings;
    }

    /** {@code false}: the rows set different columns. */
    private boolean insertedTogether(Session session, Map<K, V> candidates) throws SQLException {
        List<Map<String, Parameter>> rows = new ArrayList<>();
        candidates.forEach((key, candidate) -> rows.add(table.columns(settings.canonical(key), candidate)));
        List<String> names = List.copyOf(rows.get(0).keySet());
        if (!rows.stream().allMatch(row -> List.copyOf(row.keySet()).equals(names))) {
            return false;
        }
        String sql = table.statements().insert(names, rows.size());
        try (Timed insert = table.standbys().prepareInsert(session, sql)) {
            int index = 1;
            int row = 0;
            for (K key : candidates.keySet()) {
                index = KeyedTable.bindKey(insert.statement, index, table.keyValues(settings.canonical(key)));
                for (Parameter parameter : rows.get(row++).values()) {
                    parameter.bind(insert.statement, index++);
                }
            }
            insert.execute();
            int written = insert.statement.getUpdateCount();
            if (written != rows.size()) {
                throw new ArbiterFailedException(
                        "the insert of " + rows.size() + " rows into " + settings.tableName() + " wrote " + written
                                + ": does a trigger or a rule drop or add some?",
                        null);
            }
            return true;
        }
    }

    /** The rows as the database has them, defaults and all. */
    private Map<K, Ruling<V>> created(Session session, Map<K, V> candidates) throws SQLException {
        Map<K, V> rows = select(session, List.copyOf(candidates.keySet()));
        Map<K, Ruling<V>> rulings = new LinkedHashMap<>();
        for (K key : candidates.keySet()) {
            V row = rows.get(key);
            if (row == null) {
                throw refusals().goneAtOnce();
            }
            rulings.put(key, Ruling.created(row));
        }
        return rulings;
    }

    private Refusals refusals() {
        return new Refusals(settings);
    }
}
