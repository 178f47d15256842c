package dev.getorcreate.jdbc;

import dev.getorcreate.Arbiter;
import dev.getorcreate.ArbiterFailedException;
import dev.getorcreate.CacheException;
import dev.getorcreate.Ruling;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The arbiter of {@link JdbcArbiter#of}. */
final class RecognisingArbiter<K, V> implements Arbiter<K, V> {

    /** A row may be deleted between the conflict and the reading back; another constraint's violation comes again. */
    private static final int ATTEMPTS = 2;

    private final Function<? super K, Optional<V>> find;
    private final BiFunction<? super K, ? super V, ? extends V> insert;

    RecognisingArbiter(Function<? super K, Optional<V>> find, BiFunction<? super K, ? super V, ? extends V> insert) {
        this.find = Objects.requireNonNull(find, "find");
        this.insert = Objects.requireNonNull(insert, "insert");
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
            if (UniqueViolation.find(e).isEmpty()) {
                throw e;
            }
            Optional<V> winner = readBack(key);
            if (winner.isPresent()) {
                return Ruling.adopted(winner.get());
            }
            if (attempt == ATTEMPTS) {
                throw e;
            }
            try {
                return insert(key, candidate, attempt + 1);
            } catch (Exception later) {
                if (later == e) {
                    throw e;
                }
                // An interrupt, and what is about the call, are not the database's word; and what passes by itself may
                // be tried again.
                if (later instanceof InterruptedException
                        || later instanceof CancellationException
                        || later instanceof CacheException
                        || Failures.passes(later)) {
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
