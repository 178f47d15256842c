package dev.getorcreate.jdbc;

import dev.getorcreate.ArbiterFailedException;
import dev.getorcreate.jdbc.Columns.Parameter;
import dev.getorcreate.jdbc.Failures.NotConnectedException;
import dev.getorcreate.jdbc.Settings.KeyColumn;
import java.lang.System.Logger.Level;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The table, found and checked: one SELECT and one INSERT. */
final class KeyedTable<K, V> {

    private static final System.Logger LOG = System.getLogger(JdbcArbiter.class.getName());

    private final Settings<K, V> settings;
    private final Dialect dialect;
    private final Folding folding;
    private final TableFacts facts;
    private final boolean takesWrites;
    private final List<String> keyNames;
    private final List<Precision> precisions;
    private final Set<String> keySet;
    private final Statements statements;
    private final Standbys standbys;
    private final Primary primary;
    private final AtomicBoolean warned = new AtomicBoolean();
    private volatile Set<String> keyConstraints;

    /** What columns are called, by how the program calls them. */
    private final Map<String, String> columnNames = new ConcurrentHashMap<>();

    private KeyedTable(Settings<K, V> settings, Dialect dialect, TableFacts facts, Session session)
            throws SQLException {
        this.settings = settings;
        this.dialect = dialect;
        this.folding = dialect.folding();
        this.facts = facts;
        this.takesWrites = session.ours() != null;
        this.keyNames = settings.keyNames(facts, folding);
        this.precisions = keyNames.stream()
                .map(name -> Objects.requireNonNull(facts.columns().get(name)).precision())
                .toList();
        this.keySet = new HashSet<>(keyNames);
        this.keyConstraints = facts.keyConstraints(keySet, settings.partialIndexName(folding));
        this.statements = new Statements(settings, dialect, facts, keyNames);
        this.standbys = new Standbys(dialect, session);
        this.primary = new Primary(dialect);
    }

    /**
     * Finds and checks the table.
     *
     * @throws IllegalStateException if something is wrong with it
     */
    static <K, V> KeyedTable<K, V> open(Settings<K, V> settings) throws SQLException {
        try (Session own = OwnConnection.open(settings.dataSource(), settings.statementTimeout(), false)) {
            return open(settings, own);
        }
    }

    static <K, V> KeyedTable<K, V> open(Settings<K, V> settings, Session session) throws SQLException {
        DatabaseMetaData metaData = session.connection().getMetaData();
        Dialect dialect = Dialect.of(metaData);
        TableFacts facts = new StartupCheck(settings, session, dialect).run();
        return new KeyedTable<>(settings, dialect, facts, session);
    }

    Dialect dialect() {
        return dialect;
    }

    /** Whether that was seen too: a caller's transaction may be read-only where the arbiter's own connections are not. */
    boolean takesWrites() {
        return takesWrites;
    }

    /**
     * A connection of the arbiter's own, to a server that takes writes.
     *
     * @throws NotConnectedException if there is none
     */
    Session own() throws SQLException {
        Session own = OwnConnection.open(settings.dataSource(), settings.statementTimeout(), dialect.watched());
        try {
            primary.require(own);
            return own;
        } catch (Throwable e) {
            own.close();
            throw e;
        }
    }

    /**
     * As above, to insert on. One that is lost before the INSERT leaves nothing unclear, and another one is taken.
     *
     * @throws NotConnectedException if there is none; nothing was sent
     */
    Session toInsert(Attempts attempts) throws SQLException {
        while (true) {
            try {
                return looked(own());
            } catch (NotConnectedException e) {
                throw e;
            } catch (SQLException e) {
                if (!dialect.connectionLost(e)) {
                    throw e;
                }
                if (!attempts.again(e)) {
                    throw new NotConnectedException(e, Duration.ZERO);
                }
            }
        }
    }

    private Session looked(Session own) throws SQLException {
        try {
            standbys.lookAgain(own);
            return own;
        } catch (Throwable e) {
            own.close();
            throw e;
        }
    }

    /** The row of the key that the session sees. */
    Optional<V> select(Session session, K asked) throws SQLException {
        K key = settings.canonical(asked);
        List<Object> values = keyValues(key);
        try (Timed select = session.prepare(statements.select(), dialect.watched())) {
            bindKey(select.statement, values);
            try (ResultSet rows = select.executeQuery()) {
                if (!rows.next()) {
                    return Optional.empty();
                }
                V record = read(rows, key, values);
                if (rows.next()) {
                    throw moreThanOne();
                }
                return Optional.of(record);
            }
        }
    }

    /**
     * Inserts, and gives the row as the database has it, defaults and all; empty if it has to be read back, on databases
     * whose INSERT gives none, and where an index is partial.
     */
    Optional<V> insert(Session session, K asked, V candidate) throws SQLException {
        K key = settings.canonical(asked);
        List<Object> values = keyValues(key);
        Map<String, Parameter> parameters = columns(key, candidate);
        String sql = statements.insert(List.copyOf(parameters.keySet()));
        try (Timed insert = standbys.prepareInsert(session, sql)) {
            int index = bindKey(insert.statement, values);
            for (Parameter parameter : parameters.values()) {
                parameter.bind(insert.statement, index++);
            }
            if (!insert.execute()) {
                requireOneRow(insert.statement.getUpdateCount());
                return Optional.empty();
            }
            try (ResultSet rows = insert.statement.getResultSet()) {
                if (!rows.next()) {
                    requireOneRow(0);
                }
                V record = read(rows, key, values);
                if (rows.next()) {
                    requireOneRow(2);
                }
                // A partial index keeps out no second row if this one does not fulfil its condition, which the SELECT
                // has.
                return settings.partialIndex() == null ? Optional.of(record) : Optional.empty();
            }
        }
    }

    /** What the row holds beside its key. */
    Map<String, Parameter> columns(K key, V candidate) {
        Columns columns = new Columns(facts, folding, keySet, columnNames);
        settings.writer().write(columns, key, candidate);
        return columns.parameters();
    }

    ArbiterFailedException moreThanOne() {
        return new ArbiterFailedException(
                "table " + settings.tableName() + " has more than one row of a key: its unique constraint is gone;"
                        + " restart to see what is missing",
                null);
    }

    private void requireOneRow(int written) {
        if (written == 0) {
            throw new ArbiterFailedException(
                    "the insert into " + settings.tableName()
                            + " reported success and wrote no row: does a trigger or a" + " rule drop it?",
                    null);
        }
        if (written != 1) {
            throw new ArbiterFailedException(
                    "the insert into " + settings.tableName() + " wrote more than one row: does a rule add one?", null);
        }
    }

    Statements statements() {
        return statements;
    }

    Standbys standbys() {
        return standbys;
    }

    List<Object> keyValues(K key) {
        List<Object> values = new ArrayList<>();
        for (KeyColumn<K> column : settings.keys()) {
            Object given = column.value().apply(key);
            if (given == null) {
                throw new IllegalArgumentException("this key gives null for the key column "
                        + column.name().text() + ": nulls are never equal in a database, so never unique");
            }
            Object value = given instanceof Character ? given.toString() : given;
            Precision precision = precisions.get(values.size());
            String refusal = precision.refusal(value);
            if (refusal != null) {
                throw new IllegalArgumentException("this key gives a value for the key column "
                        + column.name().text() + ' ' + refusal);
            }
            if (precision.hasEquals(value)) {
                warnOfEquals(column.name().text());
            }
            values.add(precision.sent(value));
        }
        return values;
    }

    /** No refusal, as where text is folded: whoever always writes a key the same way is fine. */
    private void warnOfEquals(String column) {
        if (settings.canonicalKey() == null && warned.compareAndSet(false, true)) {
            LOG.log(
                    Level.WARNING,
                    "a key of table " + settings.tableName() + " gives its column " + column
                            + " a value that the database writes otherwise (1.0 for 1.00, or an instant at an offset):"
                            + " keys that differ only so are one to the database and several to the caches. Give"
                            + " canonicalKey(...) to the cache and to this arbiter, unless each key is always written"
                            + " the same way");
        }
    }

    private static int bindKey(PreparedStatement statement, List<Object> values) throws SQLException {
        return bindKey(statement, 1, values);
    }

    /** The index behind them. */
    static int bindKey(PreparedStatement statement, int from, List<Object> values) throws SQLException {
        int index = from;
        for (Object value : values) {
            new Parameter(value, null).bind(statement, index++);
        }
        return index;
    }

    /** The mapper's own exceptions are wrapped: they must not be taken for the database's. */
    V read(ResultSet row, K key, List<Object> values) {
        @Nullable V record;
        try {
            for (int i = 0; i < values.size(); i++) {
                // Text has collations, padding and triggers. What of other types is rounded, or compared so, does not
                // get here.
                if (values.get(i) instanceof String asked && !means(asked, row.getString(keyNames.get(i)), key, i)) {
                    throw otherKey("its column " + keyNames.get(i) + " differs from the value asked for");
                }
            }
            record = settings.mapper().map(row);
        } catch (SQLException | RuntimeException e) {
            if (e instanceof ArbiterFailedException known) {
                throw known;
            }
            // Its words may be the row's: drivers quote a value that is not of the type asked for.
            String codes = e instanceof SQLException sql ? " (" + Refusals.codes(sql) + ')' : "";
            throw new ArbiterFailedException(
                    "the row mapper threw on a committed row of " + settings.tableName() + ": "
                            + e.getClass().getName() + codes,
                    e);
        }
        if (record == null) {
            throw new ArbiterFailedException(
                    "the row mapper gave null for a committed row of " + settings.tableName()
                            + "; it must give a record",
                    null);
        }
        Function<? super V, ? extends K> keyOf = settings.keyOf();
        if (keyOf != null && !isKeyOf(keyOf.apply(record), key)) {
            throw otherKey("keyOf gives another key for its record");
        }
        return record;
    }

    /** Whether a key column's text stands for the key: the very text, or one that is made alike. */
    private boolean means(String asked, @Nullable String found, K key, int column) {
        if (asked.equals(found)) {
            return true;
        }
        Object bound = settings.keys().get(column).value().apply(key);
        Object given = key instanceof Character && bound.equals(key.toString()) ? key : bound;
        Object meant = given instanceof Character && found != null ? unpadded(found) : found;
        if (given.equals(meant) || settings.canonicalKey() == null) {
            return given.equals(meant);
        }
        if (settings.keyOf() != null) {
            return true; // which tells, with all columns together
        }
        // A key that is bound as it is: then what stands in the column is one too.
        if (meant == null || !given.equals(key) || !meant.getClass().equals(given.getClass())) {
            return false;
        }
        @SuppressWarnings("unchecked")
        K same = (K) meant;
        return settings.canonical(same).equals(key);
    }

    /** The character that a column of type CHAR has padded, or has dropped where it was a blank; or else some text. */
    private static Object unpadded(String found) {
        String bare = found.replaceFirst(" +$", "");
        if (bare.isEmpty()) {
            return ' ';
        }
        return bare.length() == 1 ? bare.charAt(0) : bare;
    }

    private boolean isKeyOf(@Nullable K found, K key) {
        return found != null && settings.canonical(found).equals(key);
    }

    private ArbiterFailedException otherKey(String how) {
        return new ArbiterFailedException(
                "the row of " + settings.tableName() + " that the database found for a key is another key's: " + how
                        + ". If its collation thinks them equal (case, trailing blanks), give canonicalKey(...) to the"
                        + " cache and the arbiter, or the column a collation that compares exactly",
                null);
    }

    /** As below, and looks up on a connection of its own: by plain statements, which the watchdog does not know. */
    boolean isKeyConflict(UniqueViolation violation) throws SQLException {
        if (violation.isOneOf(keyConstraints)) {
            return true;
        }
        try (Session own = OwnConnection.open(settings.dataSource(), settings.statementTimeout(), false)) {
            return isKeyConflict(own, violation);
        }
    }

    /**
     * Whether the key's own constraint was violated. A name that is not known is looked up once more: partitions and
     * constraints are added while we run.
     */
    boolean isKeyConflict(Session session, UniqueViolation violation) throws SQLException {
        if (violation.isOneOf(keyConstraints)) {
            return true;
        }
        dialect.facts(session.connection(), settings.schema(folding), settings.name(folding))
                .ifPresent(now -> keyConstraints = now.keyConstraints(keySet, settings.partialIndexName(folding)));
        return violation.isOneOf(keyConstraints);
    }

    Set<String> keyConstraints() {
        return keyConstraints;
    }
}
