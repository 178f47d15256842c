package dev.getorcreate.jdbc;

import dev.getorcreate.jdbc.Settings.KeyColumn;
import dev.getorcreate.jdbc.Settings.OwnSql;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Describes the table to a {@link JdbcArbiter}. Required: {@link #table}, {@link #key} at least once, {@link #mapper}.
 *
 * <p>Names are those of SQL: a plain one is folded as the database folds it ({@code Users} is {@code users} to PostgreSQL
 * and {@code USERS} to H2), a {@code "quoted"} one is literal. All are quoted in what is sent, so a name may be a word of
 * SQL. Not safe for use by several threads.
 */
public final class JdbcArbiterBuilder<K, V> {

    private static final System.Logger LOG = System.getLogger(JdbcArbiter.class.getName());
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(1);

    private final DataSource dataSource;
    private final List<KeyColumn<K>> keys = new ArrayList<>();
    private List<Identifier> table = List.of();
    private RowWriter<? super K, ? super V> writer = (columns, key, candidate) -> {};
    private @Nullable RowMapper<? extends V> mapper;
    private @Nullable Function<? super V, ? extends K> keyOf;
    private @Nullable Function<? super V, ?> identity;
    private @Nullable UnaryOperator<K> canonicalKey;
    private @Nullable Identifier partialIndex;
    private @Nullable OwnSql sql;
    private @Nullable CallerTransactions transactions;
    private Duration statementTimeout = Duration.ofSeconds(5);

    JdbcArbiterBuilder(DataSource dataSource) {
        this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
        // Its connection may be inside the caller's transaction, and to set autocommit would commit that.
        if (TransactionAware.is(dataSource)) {
            throw new IllegalArgumentException(
                    "the arbiter must not run in a caller's transaction: give it a DataSource that"
                            + " has connections for it alone (the one behind this, or a pool), and not this "
                            + dataSource.getClass().getName());
        }
    }

    /** The table: {@code records}, {@code app.records}, {@code "Records"}. */
    public JdbcArbiterBuilder<K, V> table(String name) {
        this.table = Identifier.parseQualified("table", Objects.requireNonNull(name, "name"));
        return this;
    }

    /**
     * A column of the key; call it once for each column that the unique constraint covers.
     *
     * @param value the column's value for a key, never null, of a type that the driver's {@code setObject} takes. One that
     *     is finer than the column is refused, since it would be rounded to another key: a number with more digits behind
     *     the point, a time with a smaller fraction of a second, in any case of a microsecond. For a column of text give a
     *     String: a number is refused there, and a String where the type is none of text, such as numbers, times, {@code
     *     inet} or {@code jsonb}. An instant needs a column that keeps instants, as {@code timestamptz} does: in any other
     *     (PostgreSQL's {@code timestamp}, MariaDB's and MySQL's {@code DATETIME}) it becomes the local time of the
     *     session's zone, which two instants have in the hour when its clocks go back, and the one's record is found for
     *     the other. Give a LocalDateTime in UTC there, or let the sessions be in UTC
     */
    public JdbcArbiterBuilder<K, V> key(String column, Function<? super K, ?> value) {
        Identifier name = Identifier.parse("key column", Objects.requireNonNull(column, "column"));
        if (keys.stream().anyMatch(known -> known.name().equals(name))) {
            throw new IllegalArgumentException("the key column " + column + " is named twice");
        }
        keys.add(new KeyColumn<>(name, Objects.requireNonNull(value, "value")));
        return this;
    }

    /** What a new row holds beside its key. Default: nothing, so every other column has its default. */
    public JdbcArbiterBuilder<K, V> columns(RowWriter<? super K, ? super V> rowWriter) {
        this.writer = Objects.requireNonNull(rowWriter, "rowWriter");
        return this;
    }

    /** Makes a record of a row. A new row goes through it too, so defaults and generated values are seen. */
    public JdbcArbiterBuilder<K, V> mapper(RowMapper<? extends V> rowMapper) {
        this.mapper = Objects.requireNonNull(rowMapper, "rowMapper");
        return this;
    }

    /**
     * The key of a record: then every row that is read is checked to be the one that was asked for. Key columns that are
     * bound as strings are always checked.
     */
    public JdbcArbiterBuilder<K, V> keyOf(Function<? super V, ? extends K> key) {
        this.keyOf = Objects.requireNonNull(key, "key");
        return this;
    }

    /**
     * The function that {@code CacheBuilder.canonicalKey} has too: what it makes alike is one key. For columns that the
     * database itself compares so (a collation without case); without it such a column is logged at the start, and a row
     * whose key was written differently is an error. With it, give {@link #keyOf} too where a key is not bound as one
     * string: else nobody could tell whether the row that was found is the key's.
     *
     * @param function pure; gives an equal key for what it gave itself
     */
    public JdbcArbiterBuilder<K, V> canonicalKey(UnaryOperator<K> function) {
        this.canonicalKey = Objects.requireNonNull(function, "canonicalKey");
        return this;
    }

    /**
     * Lets a partial unique index decide, where rows that count no more stay in the table (soft deletion); PostgreSQL and
     * SQLite.
     *
     * @param index its name, plain or {@code "quoted"}. Only rows that fulfil its condition, as it was at the start, are
     *     found, and new rows must: each is looked for once, and it is an error if it is not found, though it was committed
     */
    public JdbcArbiterBuilder<K, V> partialIndex(String index) {
        this.partialIndex = Identifier.parse("index", Objects.requireNonNull(index, "index"));
        return this;
    }

    /**
     * Statements of your own, on the table that is named and checked all the same: a join for {@code find}, a function
     * around a value. Many keys are then asked for one by one. What is to decide without a table that can be checked is
     * {@link JdbcArbiter#of}.
     *
     * @param find gives the row of a key, with its key columns; has a {@code ?} for each {@link #key}, in their order
     * @param insert inserts one row, plainly: one that gives way ({@code ON CONFLICT DO NOTHING}, {@code IGNORE}) hides
     *     who won, and so does a table of SQLite whose constraint says {@code ON CONFLICT REPLACE} or {@code IGNORE}, unless
     *     it is {@code INSERT OR ABORT}. It has a {@code ?} for each {@link #key} and then for each value that
     *     {@link #columns} sets, in that order; if it gives the row back ({@code RETURNING *}) a statement is saved;
     *     not so on SQLite, which would commit it only behind the statement's time-out
     */
    public JdbcArbiterBuilder<K, V> sql(String find, String insert) {
        if (find.isBlank() || insert.isBlank()) {
            throw new IllegalArgumentException("sql(...) needs two statements: one that finds, one that inserts");
        }
        this.sql = new OwnSql(find, insert);
        return this;
    }

    /**
     * What tells one candidate from another, also after it was stored and read back: for instance a random UUID that the
     * creator puts into it. Then a row that is read back after a lost connection is known to be ours ({@code CREATED}) or
     * another's ({@code ADOPTED}); without it the ruling is {@code RECOVERED}.
     */
    public JdbcArbiterBuilder<K, V> identity(Function<? super V, ?> mark) {
        this.identity = Objects.requireNonNull(mark, "mark");
        return this;
    }

    /**
     * Joins callers' transactions: a call from inside of one finds and inserts on that transaction's connection, so that
     * its record is committed, or rolled back, with all else that the transaction does. Others are answered after the
     * commit, and start anew after a rollback; nothing is published before. Default: each statement is its own
     * transaction.
     *
     * <p>Such a call waits for nobody's claim, since it holds a connection; it may wait in the database, for a row that
     * another transaction has not committed. Deadlocks and serialization failures are not tried again: they ended the
     * caller's transaction, and reach it as {@link dev.getorcreate.ArbiterFailedException} with their SQLException as the
     * cause. What the transaction's own snapshot cannot show (REPEATABLE READ, SERIALIZABLE: a row committed since) is
     * such a failure too. {@code invalidate} is sent after the commit.
     *
     * <p>Join only where callers must create in their transaction. Inside of one, hits are served, and what it creates is
     * published after the commit; a row that it merely finds is not cached, so keys that are asked for inside of
     * transactions only are read from the database each time. And a thread that puts its transaction aside
     * ({@code REQUIRES_NEW}, {@code NOT_SUPPORTED}) and then asks for a key which that transaction created waits for itself,
     * and fails when the time-out of its INSERT is over; with {@code NOT_SUPPORTED} it waits for {@code maxCreationTime}
     * before that.
     */
    public JdbcArbiterBuilder<K, V> transactions(CallerTransactions callers) {
        this.transactions = Objects.requireNonNull(callers, "callers");
        return this;
    }

    /**
     * How long a statement may take, waiting for locks included; rounded up to whole seconds, on PostgreSQL to a fifth of
     * one. Default 5 s. Two seconds later the connection is given up, where the driver can; a caller's never is, and what is
     * done in its transaction may take no longer than that itself, if that says how long it may. The wait for a connection is
     * the pool's to bound.
     */
    public JdbcArbiterBuilder<K, V> statementTimeout(Duration duration) {
        Objects.requireNonNull(duration, "duration");
        if (duration.compareTo(SHORTEST) < 0 || duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "statementTimeout must be between " + SHORTEST + " and " + LONGEST + ", not " + duration);
        }
        this.statementTimeout = duration;
        return this;
    }

    /**
     * Connects, checks and builds. A database that merely does not answer is logged, and the check is made when it is
     * first asked. Blocks: for a connection as long as the DataSource does (HikariCP for 30 s by default), then for some
     * statements, each for at most {@code statementTimeout} and two seconds, where the driver has a network time-out.
     *
     * @throws IllegalArgumentException if a setting is missing
     * @throws IllegalStateException if the table is wrong, above all if no unique constraint covers exactly its key (the
     *     message has the missing {@code ALTER TABLE}), or if the database refuses the connection
     */
    public JdbcArbiter<K, V> build() {
        Settings<K, V> settings = settings();
        return new JdbcArbiter<>(settings, check(settings));
    }

    Settings<K, V> settings() {
        if (table.isEmpty()) {
            throw new IllegalArgumentException("table(...) is missing: which table holds the records?");
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("key(...) is missing: which columns are the key's?");
        }
        if (mapper == null) {
            throw new IllegalArgumentException("mapper(...) is missing: how is a record made of a row?");
        }
        return new Settings<>(
                dataSource,
                table,
                List.copyOf(keys),
                writer,
                mapper,
                keyOf,
                identity,
                canonicalKey,
                partialIndex,
                sql,
                transactions,
                statementTimeout);
    }

    private static <K, V> @Nullable KeyedTable<K, V> check(Settings<K, V> settings) {
        try {
            return KeyedTable.open(settings);
        } catch (SQLException e) {
            if (Failures.doesNotAnswer(e)) {
                LOG.log(
                        Level.WARNING,
                        "the database of table " + settings.tableName()
                                + " does not answer; its unique constraint will be checked before it is first used",
                        e);
                return null;
            }
            throw new IllegalStateException(
                    "the database of table " + settings.tableName() + " cannot be used (" + Refusals.codes(e) + "): "
                            + reason(e),
                    e);
        }
    }

    /** The last cause is the one with the database's own words. */
    private static String reason(Throwable thrown) {
        Throwable last = thrown;
        for (int depth = 0; last.getCause() != null && depth < 20; depth++) {
            last = last.getCause();
        }
        return last.toString();
    }
}
