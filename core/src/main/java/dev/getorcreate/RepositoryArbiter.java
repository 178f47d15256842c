package dev.getorcreate;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The arbiter of {@link Arbiter#of}: insert, and where that conflicts read the winner back by a new call. */
final class RepositoryArbiter<K, V> implements Arbiter<K, V> {

    /** A row may be deleted between the conflict and the reading back; more often than this, something else is wrong. */
    private static final int ATTEMPTS = 3;

    private final Function<? super K, Optional<V>> find;
    private final BiFunction<? super K, ? super V, ? extends V> insert;
    private final Predicate<? super Throwable> isConflict;

    RepositoryArbiter(
            Function<? super K, Optional<V>> find,
            BiFunction<? super K, ? super V, ? extends V> insert,
            Predicate<? super Throwable> isConflict) {
        this.find = Objects.requireNonNull(find, "find");
        this.insert = Objects.requireNonNull(insert, "insert");
        this.isConflict = Objects.requireNonNull(isConflict, "isConflict");
    }

    @Override
    public Optional<V> find(K key) {
        return find.apply(key);
    }

    @Override
    public Ruling<V> insert(K key, V candidate) {
        return insert(key, candidate, 1);
    }

    private Ruling<V> insert(K key, V candidate, int attempt) {
        try {
            return Ruling.created(insert.apply(key, candidate));
        } catch (Exception e) { // also what Kotlin and others throw unchecked
            if (!isConflict.test(e)) {
                throw e;
            }
            Optional<V> winner = readBack(key);
            if (winner.isPresent()) {
                return Ruling.adopted(winner.get());
            }
            if (attempt == ATTEMPTS) {
                throw new ArbiterFailedException(
                        "insert reported a conflict " + ATTEMPTS + " times, but find never saw the row that it"
                                + " conflicts with: is it another constraint's, or does find read another table, or a"
                                + " replica?",
                        e);
            }
            try {
                return insert(key, candidate, attempt + 1);
            } catch (Exception later) {
                if (later == e) {
                    throw e;
                }
                // An interrupt, and what is about the call, are not the database's word.
                if (later instanceof InterruptedException
                        || later instanceof CancellationException
                        || later instanceof CacheException) {
                    suppress(later, e);
                    throw later;
                }
                // What came first is why; it may have left a session or a transaction in which nothing works.
                suppress(e, later);
                throw e;
            }
        }
    }

    /** Once, also where the same ones are thrown again and again. */
    private static void suppress(Exception thrown, Exception suppressed) {
        if (!List.of(thrown.getSuppressed()).contains(suppressed)) {
            thrown.addSuppressed(suppressed);
        }
    }

    @SuppressWarnings("NullableOptional") // a null Optional is what is being refused
    private Optional<V> readBack(K key) {
        @Nullable Optional<V> winner = find.apply(key);
        if (winner == null) {
            throw new ArbiterFailedException("the arbiter's find gave null; it must give an Optional", null);
        }
        return winner;
    }
}
