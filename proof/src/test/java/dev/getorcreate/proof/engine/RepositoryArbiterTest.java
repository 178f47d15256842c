package dev.getorcreate.proof.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.Arbiter;
import dev.getorcreate.ArbiterFailedException;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Outcome;
import dev.getorcreate.Source;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** {@link Arbiter#of}: somebody else's repository as arbiter. */
class RepositoryArbiterTest {

    private static final class Duplicate extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private final Map<String, String> rows = new ConcurrentHashMap<>();
    private final AtomicInteger inserts = new AtomicInteger();

    private String insert(String key, String candidate) {
        inserts.incrementAndGet();
        if (rows.putIfAbsent(key, candidate) != null) {
            throw new Duplicate();
        }
        return candidate;
    }

    private GetOrCreateCache<String, String> cache(Arbiter<String, String> arbiter) {
        return GetOrCreateCache.<String, String>builder("repository")
                .arbiter(arbiter)
                .build();
    }

    private GetOrCreateCache<String, String> cache() {
        return cache(Arbiter.of(key -> Optional.ofNullable(rows.get(key)), this::insert, Duplicate.class::isInstance));
    }

    @Test
    void whatItInsertedIsCreatedAndWhatStandsIsFound() {
        try (var cache = cache()) {
            assertEquals(new Outcome<>("v", Source.CREATED), cache.obtain("k", key -> "v"));
            assertEquals(new Outcome<>("v", Source.FOUND), cache.obtain("k", key -> "never"));
        }
    }

    @Test
    void onAConflictTheWinnerIsReadBackAndAdopted() {
        try (var cache = cache()) {
            assertEquals(new Outcome<>("winner", Source.ADOPTED), cache.obtain("k", key -> {
                rows.put(key, "winner");
                return "loser";
            }));
        }
    }

    @Test
    void anExceptionThatIsNoConflictIsAnErrorAndNeverAWinner() {
        IllegalStateException other = new IllegalStateException("another constraint");
        rows.put("k", "somebody's");
        Arbiter<String, String> arbiter = Arbiter.of(
                key -> Optional.empty(),
                (key, candidate) -> {
                    throw other;
                },
                Duplicate.class::isInstance);
        try (var cache = cache(arbiter)) {
            ArbiterFailedException e =
                    assertThrows(ArbiterFailedException.class, () -> cache.getOrCreate("k", key -> "v"));
            assertSame(other, e.getCause());
            assertTrue(e.getMessage().contains("another constraint"), e.getMessage());
        }
    }

    @Test
    void aRowThatVanishedBetweenConflictAndReadingBackIsInsertedAgain() {
        AtomicInteger tries = new AtomicInteger();
        Arbiter<String, String> arbiter = Arbiter.of(
                key -> Optional.ofNullable(rows.get(key)),
                (key, candidate) -> {
                    if (tries.incrementAndGet() == 1) {
                        throw new Duplicate(); // and the row is deleted at once
                    }
                    return insert(key, candidate);
                },
                Duplicate.class::isInstance);
        try (var cache = cache(arbiter)) {
            assertEquals(new Outcome<>("v", Source.CREATED), cache.obtain("k", key -> "v"));
            assertEquals(2, tries.get());
        }
    }

    @Test
    void whatComesOfAnotherTryDoesNotHideTheConflict() {
        Duplicate first = new Duplicate();
        IllegalStateException broken = new IllegalStateException("the session is unusable");
        AtomicInteger tries = new AtomicInteger();
        Arbiter<String, String> arbiter = Arbiter.of(
                key -> Optional.empty(),
                (key, candidate) -> {
                    throw tries.incrementAndGet() == 1 ? first : broken;
                },
                Duplicate.class::isInstance);
        assertSame(first, assertThrows(RuntimeException.class, () -> arbiter.insert("k", "v")));
        assertArrayEquals(new Throwable[] {broken}, first.getSuppressed());
    }

    @Test
    void aCancellationOfAnotherTryIsOneAndTheConflictIsSuppressedOnce() {
        Duplicate first = new Duplicate();
        CancellationException cancelled = new CancellationException();
        AtomicInteger tries = new AtomicInteger();
        Arbiter<String, String> arbiter = Arbiter.of(
                key -> Optional.empty(),
                (key, candidate) -> {
                    throw tries.incrementAndGet() % 2 == 1 ? first : cancelled;
                },
                Duplicate.class::isInstance);
        for (int i = 0; i < 2; i++) {
            assertSame(cancelled, assertThrows(RuntimeException.class, () -> arbiter.insert("k", "v")));
        }
        assertArrayEquals(new Throwable[] {first}, cancelled.getSuppressed());
    }

    @Test
    void aRowThatAlwaysVanishesFailsClearlyAfterAFewTries() {
        AtomicInteger tries = new AtomicInteger();
        Arbiter<String, String> arbiter = Arbiter.of(
                key -> Optional.empty(),
                (key, candidate) -> {
                    tries.incrementAndGet();
                    throw new Duplicate();
                },
                Duplicate.class::isInstance);
        try (var cache = cache(arbiter)) {
            ArbiterFailedException e =
                    assertThrows(ArbiterFailedException.class, () -> cache.getOrCreate("k", key -> "v"));
            assertTrue(e.getMessage().contains("find never saw the row"), e.getMessage());
            assertInstanceOf(Duplicate.class, e.getCause());
            assertEquals(3, tries.get());
        }
    }

    @Test
    void aRepositoryThatGivesNullIsNamed() {
        Arbiter<String, String> noOptional =
                Arbiter.of(key -> nothing(), (key, candidate) -> candidate, Duplicate.class::isInstance);
        assertTrue(failure(noOptional).contains("find gave null"), () -> failure(noOptional));
        Arbiter<String, String> noRow =
                Arbiter.of(key -> Optional.empty(), (key, candidate) -> nothing(), Duplicate.class::isInstance);
        assertTrue(failure(noRow).contains("insert gave null"), () -> failure(noRow));
        AtomicInteger finds = new AtomicInteger();
        Arbiter<String, String> noWinner = Arbiter.of(
                key -> finds.incrementAndGet() % 2 == 1 ? Optional.empty() : nothing(),
                (key, candidate) -> {
                    throw new Duplicate();
                },
                Duplicate.class::isInstance);
        assertTrue(failure(noWinner).contains("find gave null"), () -> failure(noWinner));
    }

    private String failure(Arbiter<String, String> arbiter) {
        try (var cache = cache(arbiter)) {
            return String.valueOf(assertThrows(ArbiterFailedException.class, () -> cache.getOrCreate("k", key -> "v"))
                    .getMessage());
        }
    }

    @SuppressWarnings("unchecked") // null is of every type
    private static <T> T nothing() {
        return (T) (Object) null;
    }
}
