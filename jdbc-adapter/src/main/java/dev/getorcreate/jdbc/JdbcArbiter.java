package dev.getorcreate.jdbc;

import dev.getorcreate.Arbiter;
import dev.getorcreate.ArbiterFailedException;
import dev.getorcreate.Ruling;
import dev.getorcreate.jdbc.Failures.NotConnectedException;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The arbiter on a table with a unique constraint on the key: PostgreSQL (from 11) and H2 (from 2.0).
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
 * <p>Each statement runs on a connection of its own, in autocommit, whatever transaction the caller is in; so a pool needs
 * one connection more for each caller that holds one already. Nothing that is set on a connection stays set when it goes
 * back. Methods block, and may be called by any number of threads.
 *
 * <p>Deadlocks, lock time-outs and serialization failures are tried again, up to six attempts within about a second. A
 * lost connection too: the row is read back on a new one, and the ruling is {@code RECOVERED} unless
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
     * @param dataSource leads to the primary, and is no proxy that knows the caller's transaction; it stays the caller's
     */
    public static <K, V> JdbcArbiterBuilder<K, V> on(DataSource dataSource) {
        return new JdbcArbiterBuilder<>(dataSource);
    }

    @Override
    public Optional<V> find(K key) {
        Objects.requireNonNull(key, "key");
        KeyedTable<K, V> checked = checked();
        Attempts attempts = new Attempts();
        while (true) {
            try {
                return checked.select(key);
            } catch (NotConnectedException e) {
                throw refusals().notConnected(e);
            } catch (SQLException e) {
                boolean passes = Failures.connectionLost(e) || checked.dialect().isTransient(e);
                if (!passes || !attempts.again(e)) {
                    throw refusals().of("find", e);
                }
            }
        }
    }

    @Override
    public Ruling<V> insert(K key, V candidate) {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(candidate, "candidate");
        return new Insertion<>(settings, checked(), key, candidate).run();
    }

    /** Where the database did not answer at build time, the check is made now, before anything is asked. */
    private KeyedTable<K, V> checked() {
        KeyedTable<K, V> known = table;
        if (known == null) {
            try {
                known = KeyedTable.open(settings);
            } catch (NotConnectedException e) {
                throw refusals().notConnected(e);
            } catch (SQLException e) {
                throw refusals().of("start-up check", e);
            }
            table = known;
        }
        return known;
    }

    private Refusals refusals() {
        return new Refusals(settings.tableName(), settings.statementTimeout());
    }
}
