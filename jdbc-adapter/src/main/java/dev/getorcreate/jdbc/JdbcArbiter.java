package dev.getorcreate.jdbc;

import dev.getorcreate.Arbiter;
import dev.getorcreate.ArbiterFailedException;
import dev.getorcreate.Ruling;
import dev.getorcreate.jdbc.Failures.NotConnectedException;
import dev.getorcreate.spi.Transactions;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The arbiter on a table with a unique constraint on the key: PostgreSQL (from 11), MariaDB (from 10.5), MySQL (from 5.7),
 * SQLite (from 3.37, with Xerial's driver) and H2 (from 2.0). MySQL's INSERT gives no row back, and SQLite's only before it
 * is committed, so there a creation takes one statement more, as it does with {@code partialIndex}; and MySQL's driver says the same of a statement that timed out
 * whether it took effect or not, so there that is as a lost connection.
 *
 * <pre>{@code
 * Arbiter<String, User> users = JdbcArbiter.<String, User>on(dataSource)
 *         .table("users")
 *         .key("email", email -> email)
 *         .columns((row, email, user) -> row.set("name", user.name()))
 *         .mapper(row -> new User(row.getString("email"), row.getString("name")))
 *         .build();
 * }</pre>
 *
 * <p>Each statement runs on a connection of its own, in autocommit, whatever transaction the caller is in, unless {@link
 * JdbcArbiterBuilder#transactions} says otherwise; so a pool needs one connection more for each caller that holds one
 * already. Nothing that is set on a connection stays set when it goes
 * back. Methods block, and may be called by any number of threads.
 *
 * <p>Deadlocks, lock time-outs and serialization failures are tried again, up to six attempts, with about half a second of
 * waiting in between; none begins once they have taken one and a half times {@code statementTimeout} together, so two at
 * most take all of it. A lost connection too: the row is read back on a new one, and the ruling is {@code RECOVERED} unless
 * {@link JdbcArbiterBuilder#identity} tells whose it is. Everything else is an {@link ArbiterFailedException} whose message
 * says what to do, with the {@link SQLException} as its cause; in particular the violation of a constraint that is not the
 * key's. A table found wrong only when it is first used is the {@link IllegalStateException} that {@code build()} throws.
 */
public final class JdbcArbiter<K, V> implements Arbiter<K, V> {

    private final Settings<K, V> settings;

    /** Null until the database has answered once. Several callers may check at the same time, and find the same. */
    private volatile @Nullable KeyedTable<K, V> table;

    JdbcArbiter(Settings<K, V> settings, @Nullable KeyedTable<K, V> table) {
        this.settings = settings;
        this.table = table;
    }

    /**
     * Begins to describe the table.
     *
     * @param dataSource leads to the primary for reads too, since a replica's old row would be cached after its
     *     invalidation; its sessions do not read uncommitted rows, which would be cached and rolled back; and it is no proxy
     *     that knows the caller's transaction. It stays the caller's
     */
    public static <K, V> JdbcArbiterBuilder<K, V> on(DataSource dataSource) {
        return new JdbcArbiterBuilder<>(dataSource);
    }

    /**
     * An arbiter on somebody else's repository, whose conflicts are recognised: a violation of a unique constraint, found in
     * whatever a framework threw ({@link UniqueViolation#find}), and the key's row found there afterwards.
     *
     * <p>A violation with no row of the key, tried three times, is another constraint's, and the cause of an {@code
     * ArbiterFailedException}; so is what passes by itself, such as a lost connection. Every other exception surfaces as it
     * was thrown (callers of a cache find it as such a cause too). It is {@link Arbiter#of} with a rule for conflicts that
     * core, which knows no database, cannot have.
     *
     * @param find the committed record of a key, or empty; in a transaction of its own too, or none
     * @param insert inserts, flushes <em>and commits</em> the candidate, and gives the row's record back; throws when a row
     *     stands there. Spring Data's {@code save} alone has not committed inside of its caller's transaction: wrap it in
     *     one of its own, as {@code OwnTransactions} of {@code getorcreate-spring} does. And an entity that comes with its
     *     id it takes for an old one, which it overwrites: the key must be another column
     */
    public static <K, V> Arbiter<K, V> of(
            Function<? super K, Optional<V>> find, BiFunction<? super K, ? super V, ? extends V> insert) {
        Objects.requireNonNull(insert, "insert");
        return Arbiter.<K, V>of(
                find, (key, candidate) -> telling(insert, key, candidate), thrown -> UniqueViolation.find(thrown)
                        .isPresent());
    }

    /** What passes by itself is told as this library's own, which no conflict before it hides. */
    private static <K, V> V telling(BiFunction<? super K, ? super V, ? extends V> insert, K key, V candidate) {
        try {
            return insert.apply(key, candidate);
        } catch (Exception e) { // also what Kotlin and others throw unchecked
            if (UniqueViolation.find(e).isEmpty() && Failures.passes(e)) {
                throw new ArbiterFailedException(
                        "the insert failed by what passes by itself, and may be tried again; its cause says how", e);
            }
            throw e;
        }
    }

    @Override
    public Optional<V> find(K key) {
        Objects.requireNonNull(key, "key");
        return read((checked, session) -> checked.select(session, key));
    }

    /** One statement for each 100 keys. */
    @Override
    public Map<K, V> findAll(Collection<? extends K> keys) {
        if (settings.sql() != null) {
            return Arbiter.super.findAll(keys);
        }
        List<K> different = List.copyOf(new LinkedHashSet<>(keys));
        Map<K, V> found = new LinkedHashMap<>();
        for (int from = 0; from < different.size(); from += Bulk.LIMIT) {
            List<K> some = different.subList(from, Math.min(from + Bulk.LIMIT, different.size()));
            found.putAll(read((checked, session) -> new Bulk<>(settings, checked).select(session, some)));
        }
        return found;
    }

    /** A way to read. */
    private interface Reading<K, V, T> {
        T from(KeyedTable<K, V> table, Session session) throws SQLException;
    }

    private <T> T read(Reading<K, V, T> reading) {
        KeyedTable<K, V> checked = checked();
        Attempts attempts = new Attempts(settings.statementTimeout());
        while (true) {
            try (Session own = checked.own()) {
                return reading.from(checked, own);
            } catch (NotConnectedException e) {
                throw refusals().notConnected(e);
            } catch (SQLException e) {
                boolean passes =
                        checked.dialect().connectionLost(e) || checked.dialect().isTransient(e);
                if (!passes || !attempts.again(e)) {
                    throw refusals().of("find", checked.dialect(), e);
                }
            }
        }
    }

    @Override
    public Ruling<V> insert(K key, V candidate) {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(candidate, "candidate");
        return new Insertion<>(settings, checked(), key, candidate, false).run();
    }

    /**
     * Two statements for each 100 candidates whose keys are all free, and whose rows set the same columns: an INSERT and a
     * SELECT. Where a row stands in the way of one, those 100 are inserted one after another.
     */
    @Override
    public Map<K, Ruling<V>> insertAll(Map<? extends K, ? extends V> candidates) {
        if (settings.sql() != null) {
            return Arbiter.super.insertAll(candidates);
        }
        Bulk<K, V> bulk = new Bulk<>(settings, checked());
        Map<K, Ruling<V>> rulings = new LinkedHashMap<>();
        Map<K, V> some = new LinkedHashMap<>();
        candidates.forEach((key, candidate) -> {
            some.put(Objects.requireNonNull(key, "key"), Objects.requireNonNull(candidate, "candidate"));
            if (some.size() == Bulk.LIMIT) {
                rulings.putAll(bulk.insert(some));
                some.clear();
            }
        });
        if (!some.isEmpty()) {
            rulings.putAll(bulk.insert(some));
        }
        return rulings;
    }

    @Override
    public Transactions transactions() {
        return settings.transactions() == null ? Transactions.NONE : settings.transactions();
    }

    @Override
    public Arbiter<K, V> joined() {
        CallerTransactions transactions = settings.transactions();
        return transactions == null ? this : new JoinedArbiter<>(this, transactions, settings);
    }

    /** Where the database did not answer at build time, the check is made now, before anything is asked. */
    private KeyedTable<K, V> checked() {
        KeyedTable<K, V> known = table;
        if (known != null && known.takesWrites()) {
            return known;
        }
        try (Session own = OwnConnection.open(settings.dataSource(), settings.statementTimeout(), false)) {
            return check(own);
        } catch (NotConnectedException e) {
            throw refusals().notConnected(e);
        }
    }

    /** As above, on a connection that is there: to wait for another one while one is held may be for ever. */
    KeyedTable<K, V> checked(Session session) {
        KeyedTable<K, V> known = table;
        return known == null ? check(session) : known;
    }

    private KeyedTable<K, V> check(Session session) {
        try {
            KeyedTable<K, V> found = KeyedTable.open(settings, session);
            table = found;
            return found;
        } catch (SQLException e) {
            throw refusals().of("start-up check", null, e);
        }
    }

    private Refusals refusals() {
        return new Refusals(settings);
    }
}
