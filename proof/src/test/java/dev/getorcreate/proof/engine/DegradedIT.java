package dev.getorcreate.proof.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.CacheBuilder;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Invalidation;
import dev.getorcreate.Outcome;
import dev.getorcreate.SharedStoreUnavailableException;
import dev.getorcreate.Source;
import dev.getorcreate.WhenSharedDown;
import dev.getorcreate.redis.RedisSharedStore;
import dev.getorcreate.spi.TimeSource;
import dev.getorcreate.testkit.Closing;
import dev.getorcreate.testkit.InMemoryArbiter;
import dev.getorcreate.testkit.RedisServer;
import dev.getorcreate.testkit.Servers;
import dev.getorcreate.testkit.TcpProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The promise of the degraded mode, under each trouble of a real server: see {@link Trouble}. */
@Tag("once")
class DegradedIT {

    private static final Duration COMMAND_TIMEOUT = Duration.ofMillis(250);
    private static final Duration BOUND = COMMAND_TIMEOUT.plusSeconds(1);
    /** Longer than it takes to give a silent connection up. */
    private static final Duration LONG_ENOUGH = Duration.ofMillis(1800);

    private final InMemoryArbiter<String, String> table = new InMemoryArbiter<>();
    private final RedisServer redis =
            Servers.need("Redis", () -> RedisServer.startOwn("--enable-debug-command", "yes"));
    private final TcpProxy way = TcpProxy.to(redis.port());
    private final List<AutoCloseable> open = new ArrayList<>(List.of(redis, way));
    private final AtomicInteger number = new AtomicInteger();

    @AfterEach
    void close() {
        Closing.lastFirst(open);
    }

    private CacheBuilder<String, String> builder(Trouble trouble, Combination tiers) {
        return builder("degraded", trouble, tiers);
    }

    private CacheBuilder<String, String> builder(String name, Trouble trouble, Combination tiers) {
        Trouble.allow(redis);
        RedisSharedStore store = RedisSharedStore.builder("redis://" + trouble.user() + "127.0.0.1:" + way.port())
                .commandTimeout(COMMAND_TIMEOUT)
                .maxStaleness(Duration.ofMillis(500))
                .build();
        open.add(store);
        return tiers.builder(name, store, table);
    }

    private GetOrCreateCache<String, String> opened(CacheBuilder<String, String> builder) {
        GetOrCreateCache<String, String> cache = builder.build();
        open.add(cache);
        return cache;
    }

    /** Calls with a new key, again and again, while the trouble lasts. */
    private void during(Trouble trouble, Consumer<String> call) {
        trouble.begin(redis, way);
        Ending ending = () -> trouble.end(redis, way);
        try (ending) {
            Awaitility.await(trouble.name())
                    .during(LONG_ENOUGH)
                    .atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(30))
                    .until(() -> {
                        call.accept("k" + number.incrementAndGet());
                        return true;
                    });
        }
    }

    /** What fails in it does not hide what failed before. */
    private interface Ending extends AutoCloseable {
        @Override
        void close();
    }

    /** Until a new record goes by way of Redis to another process. */
    private void awaitBack(GetOrCreateCache<String, String> cache) {
        Awaitility.await("it is used again").atMost(Duration.ofSeconds(20)).until(() -> {
            String key = "back" + number.incrementAndGet();
            try {
                cache.getOrCreate(key, k -> "v");
            } catch (SharedStoreUnavailableException e) {
                return false;
            }
            return Long.valueOf(1)
                    .equals(redis.command(
                            "EXISTS", "degraded:" + redis.command("GET", "degraded:generation") + ":" + key));
        });
    }

    @ParameterizedTest
    @EnumSource
    void withAnArbiterNoCallerSeesItAndItIsUsedAgainOnceItIsOver(Trouble trouble) {
        var cache = opened(builder(trouble, Combination.ALL));
        cache.getOrCreate("old", key -> "v");
        during(trouble, key -> {
            assertEquals(new Outcome<>("made", Source.CREATED), cache.obtain(key, k -> "made"));
            assertEquals("v", cache.getOrCreate("old", k -> "never"));
            assertEquals("v", cache.find("old").orElseThrow());
            cache.invalidate(key);
            assertEquals("made", cache.getOrCreate(key, k -> "never"));
        });
        awaitBack(cache);
    }

    @ParameterizedTest
    @EnumSource
    void withoutAnArbiterCallersFailSoonAndLearnWhyUntilItIsOver(Trouble trouble) {
        var cache = opened(builder(trouble, Combination.LOCAL_SHARED));
        cache.getOrCreate("old", key -> "v");
        AtomicInteger failed = new AtomicInteger();
        during(trouble, key -> {
            long before = TimeSource.system().nanoTime();
            try {
                assertEquals("made", cache.getOrCreate(key, k -> "made"));
            } catch (SharedStoreUnavailableException e) {
                failed.incrementAndGet();
                assertTrue(trouble.says.matcher(story(e)).find(), story(e));
            }
            long took = TimeSource.system().nanoTime() - before;
            assertTrue(took < BOUND.toNanos(), trouble + ": " + Duration.ofNanos(took));
        });
        assertTrue(failed.get() > 3, "the trouble was real: " + failed);
        awaitBack(cache);
    }

    @ParameterizedTest
    @EnumSource
    void withoutAnArbiterByChoiceCallersCreate(Trouble trouble) {
        var cache = opened(builder(trouble, Combination.LOCAL_SHARED).whenSharedDown(WhenSharedDown.CREATE));
        cache.getOrCreate("old", key -> "v");
        during(trouble, key -> assertEquals(new Outcome<>("made", Source.CREATED), cache.obtain(key, k -> "made")));
        awaitBack(cache);
    }

    @ParameterizedTest
    @EnumSource(names = {"OOM", "MISCONF", "NOPERM_TO_WRITE", "NOREPLICAS"})
    void whatCanBeReadIsServedWhileWritesAreRefused(Trouble trouble) {
        var cache = opened(builder(trouble, Combination.SHARED));
        cache.getOrCreate("old", key -> "v");
        during(trouble, key -> {
            assertEquals(new Outcome<>("v", Source.SHARED), cache.obtain("old", k -> "never"));
            assertThrows(SharedStoreUnavailableException.class, () -> cache.getOrCreate(key, k -> "made"));
        });
        awaitBack(cache);
    }

    /** Reads would be answered, by what stood there before. */
    @ParameterizedTest
    @EnumSource(names = {"MISCONF", "NOPERM_TO_WRITE", "NOREPLICAS"})
    void whatIsInvalidatedIsReadNoMoreWhileWritesAreRefused(Trouble trouble) {
        var cache = opened(builder(trouble, Combination.ALL));
        var alone = opened(builder("alone", trouble, Combination.SHARED));
        cache.getOrCreate("old", key -> "v");
        alone.getOrCreate("old", key -> "v");
        AtomicInteger versions = new AtomicInteger();
        during(trouble, key -> {
            String now = "v" + versions.incrementAndGet();
            table.put("old", now);
            assertEquals(Invalidation.PENDING, cache.invalidate("old"));
            assertEquals(now, cache.getOrCreate("old", k -> "never"));
            alone.invalidate("old");
            assertThrows(SharedStoreUnavailableException.class, () -> alone.getOrCreate("old", k -> "made"));
        });
        awaitBack(cache);
        assertEquals("v" + versions, cache.getOrCreate("old", k -> "never"));
    }

    /** The messages of an error and its causes. */
    private static String story(Throwable error) {
        StringBuilder story = new StringBuilder();
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            story.append(cause.getMessage()).append(" <- ");
        }
        return story.toString();
    }
}
