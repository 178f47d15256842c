package dev.getorcreate.redis;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.Invalidation;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.Vouch;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of an invalidation where a server says what no sound one does for long. */
class ScriptedInvalidationsTest {

    private final ScriptedRedis redis = new ScriptedRedis();
    private final RedisSharedStore store = store();
    private final RedisSpace<String> space = open(store);

    private RedisSharedStore store() {
        return RedisSharedStore.builder(redis.uri())
                .commandTimeout(Duration.ofSeconds(5))
                .build();
    }

    private static RedisSpace<String> open(RedisSharedStore store) {
        return (RedisSpace<String>) store.open("scripted", KeyCodec.string(), "utf8", key -> {});
    }

    @AfterEach
    void close() {
        store.close();
        redis.close();
    }

    /** What it has read meanwhile is older than what the closed one was to forget. */
    @Test
    void whoOpenedACacheAnewServesNothingLocallyOnceAnInvalidationOfTheClosedOneIsRefused() {
        space.close();
        RedisSpace<String> heir = open(store);
        heir.generations().current();
        Vouch word = store.links().get(0).word(heir.generations());
        assertTrue(word.servableUntil() > store.time().nanoTime());
        redis.says(command -> command.startsWith("DEL") ? "-OOM as if\r\n" : null);
        assertEquals(Invalidation.PENDING, space.invalidate("k"));
        assertTrue(word.servableUntil() < 0);
    }

    /** As where the whole cache is invalidated again and again, which this server tells nobody of. */
    @Test
    void oneWhoseGenerationIsNeverTheSameAgainIsLeftPending() {
        AtomicInteger stamps = new AtomicInteger();
        redis.says(command -> switch (command.split(" ", 2)[0]) {
            case "GETRANGE" -> ScriptedRedis.bulk("stamp-%05d".formatted(stamps.incrementAndGet() % 100_000));
            case "CLIENT" -> "-ERR as if\r\n";
            default -> null;
        });
        try (RedisSharedStore untold = store()) {
            RedisSpace<String> changing = open(untold);
            assertTimeoutPreemptively(
                    Duration.ofSeconds(30), () -> assertEquals(Invalidation.PENDING, changing.invalidate("k")));
        }
    }

    /** Such a server refuses PINGs too, so that the generation is asked for by all who read. */
    @Test
    void whatAServerRefusesThatMayNotWriteIsNotAllSentAgainByEachReaderAndAtEachTick() {
        int many = 50;
        String refusal = "-MISCONF as if\r\n";
        try (RedisSharedStore refused = RedisSharedStore.builder(redis.uri())
                .commandTimeout(Duration.ofSeconds(5))
                .maxStaleness(Duration.ofMillis(400))
                .build()) {
            RedisSpace<String> reading = open(refused);
            reading.generations().current();
            redis.says(command -> command.startsWith("DEL") || command.startsWith("PING") ? refusal : null);
            for (int i = 0; i < many; i++) {
                assertEquals(Invalidation.PENDING, reading.invalidate("k" + i));
            }
            await().until(() -> reading.generations().knownOrNull() == null);
            for (int i = 0; i < 100; i++) {
                assertInstanceOf(Look.Nothing.class, reading.look("other", vouch -> {}));
            }
            // At a tick a PING is sent, and the generation asked for: each answer has one sent again.
            long most = many + 2 * (redis.count("PING") + 1);
            long sent = redis.count("DEL");
            assertTrue(sent <= most, sent + ", and not more than " + most);
            redis.says(command -> null);
            await().until(() -> !refused.invalidations().isAnyPending());
        }
    }

    /** As where two nodes of a cluster send each other a slot's commands: the others are taken all the while. */
    @Test
    void whatAServerRefusesIsNotAllSentAgainBehindEachThatItTakes() {
        int many = 50;
        try (RedisSharedStore refused = RedisSharedStore.builder(redis.uri())
                .commandTimeout(Duration.ofSeconds(5))
                .build()) {
            RedisSpace<String> mixed = open(refused);
            mixed.generations().current();
            redis.says(command -> command.startsWith("DEL") && command.contains("bad") ? "-ERR as if\r\n" : null);
            for (int i = 0; i < many; i++) {
                assertEquals(Invalidation.PENDING, mixed.invalidate("bad" + i));
            }
            for (int i = 0; i < many; i++) {
                assertEquals(Invalidation.CONFIRMED, mixed.invalidate("good" + i));
            }
            long most = 2 * many + 2 * (redis.count("PING") + 1);
            long sent = redis.count("DEL");
            assertTrue(sent <= most, sent + ", and not more than " + most);
        }
    }

    /** As where very many threads invalidate what an import has changed. */
    @Test
    void moreThanAreKeptForAServerThatIsAwayMayBeUnderWayToOneThatIsThere() {
        try (RedisSharedStore bounded = RedisSharedStore.builder(redis.uri())
                .commandTimeout(Duration.ofSeconds(20))
                .maxPendingInvalidations(1)
                .build()) {
            RedisSpace<String> invalidating = open(bounded);
            invalidating.generations().current();
            CountDownLatch both = new CountDownLatch(1);
            redis.says(command -> {
                if (command.startsWith("DEL")) {
                    awaitUninterrupted(both);
                }
                return null;
            });
            List<CompletableFuture<Invalidation>> calls = Stream.of("a", "b")
                    .map(key -> CompletableFuture.supplyAsync(
                            () -> invalidating.invalidate(key), task -> new Thread(task).start()))
                    .toList();
            await().until(() ->
                    Stream.of("a", "b").map(invalidating::bare).allMatch(bounded.invalidations()::isPending));
            both.countDown();
            List<Invalidation> told =
                    calls.stream().map(CompletableFuture::join).toList();
            assertEquals(0, redis.count("SET scripted:generation"), "the whole cache would turn cold");
            assertEquals(List.of(Invalidation.CONFIRMED, Invalidation.CONFIRMED), told);
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As a framework does that is not sure of it. */
    @Test
    void aCacheThatIsClosedOnceMoreLeavesTheOneThatWasOpenedAnewOpen() {
        space.close();
        RedisSpace<String> heir = open(store);
        space.close();
        assertSame(heir, store.openUnder(heir.namespace()));
    }
}
