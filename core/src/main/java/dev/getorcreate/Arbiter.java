package dev.getorcreate;

import dev.getorcreate.spi.Transactions;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The place that decides which record of a key exists: a database with a unique constraint on the key. It is the only
 * tier that correctness needs; the others make races rare and cheap.
 *
 * <p>Both methods block, run on the calling thread, and may be called by several threads at once. They must read and
 * write the primary, outside of any snapshot: what they answer is published to everybody. An exception of theirs reaches
 * callers as {@link ArbiterFailedException} and is cached nowhere.
 */
public interface Arbiter<K, V> {

    /** The committed record of the key, or empty. */
    Optional<V> find(K key);

    /**
     * Inserts the candidate, or finds that somebody else's row stands there, in one atomic step of the database. When
     * this returns, the winner's row is committed.
     */
    Ruling<V> insert(K key, V candidate);

    /** The committed records of those keys that have one. No cache calls it yet. Default: one {@link #find} after another. */
    default Map<K, V> findAll(Collection<? extends K> keys) {
        Map<K, V> found = new LinkedHashMap<>();
        for (K key : keys) {
            find(key).ifPresent(record -> found.put(key, record));
        }
        return found;
    }

    /**
     * Rules on each candidate by itself, as {@link #insert} does: some may be created and others adopted. An exception
     * over one of them ends it all, and what was inserted before stays inserted. No cache calls it yet. Default: one insert
     * after another.
     */
    default Map<K, Ruling<V>> insertAll(Map<? extends K, ? extends V> candidates) {
        Map<K, Ruling<V>> rulings = new LinkedHashMap<>();
        candidates.forEach((key, candidate) -> rulings.put(key, insert(key, candidate)));
        return rulings;
    }

    /** The callers' transactions that {@link #joined} takes part in. Default: none. */
    default Transactions transactions() {
        return Transactions.NONE;
    }

    /**
     * The same arbiter, working in the transaction that the calling thread is in, as {@link #transactions} says: it sees
     * what that transaction sees, and what it rules is undone with it. Nothing that it answers is published before the
     * commit.
     */
    default Arbiter<K, V> joined() {
        return this;
    }

    /**
     * An arbiter on somebody else's repository. For one over JDBC, {@code JdbcArbiter.of(find, insert)} of
     * {@code getorcreate-jdbc} knows conflicts by itself, which here, where no database is known, has to be said.
     *
     * @param find the committed record of a key, or empty; in a transaction of its own too, or none
     * @param insert inserts, flushes <em>and commits</em> the candidate, and gives the row's record back; throws when a row
     *     stands there. Spring Data's {@code save} alone has not committed inside of its caller's transaction: wrap it in
     *     one of its own ({@code REQUIRES_NEW}). And an entity that comes with its id it takes for an old one, which it
     *     overwrites: the key must be another column
     * @param isConflict whether an exception of {@code insert} says that the key's row stands there already. It must
     *     be false for a violation of any other constraint: that is an error, not a winner
     */
    static <K, V> Arbiter<K, V> of(
            Function<? super K, Optional<V>> find,
            BiFunction<? super K, ? super V, ? extends V> insert,
            Predicate<? super Throwable> isConflict) {
        return new RepositoryArbiter<>(find, insert, isConflict);
    }
}
