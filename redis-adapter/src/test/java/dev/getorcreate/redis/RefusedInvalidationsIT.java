package dev.getorcreate.redis;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.getorcreate.Invalidation;
import dev.getorcreate.SharedStoreUnavailableException;
import dev.getorcreate.spi.Claim;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.Published;
import dev.getorcreate.spi.SharedSpace;
import dev.getorcreate.spi.Token;
import dev.getorcreate.spi.Watch;
import dev.getorcreate.testkit.Closing;
import dev.getorcreate.testkit.RedisServer;
import dev.getorcreate.testkit.Servers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server that refuses to forget, and still answers reads. */
class RefusedInvalidationsIT {

    private static final Watch NOBODY = vouch -> {};
    private static final byte[] PAYLOAD = "v".getBytes(StandardCharsets.UTF_8);
    /** What is sent at every tick would be sent far too late. */
    private static final Duration LONG = Duration.ofMinutes(10);

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() {
        Closing.lastFirst(opened);
    }

    private RedisServer redis() {
        RedisServer redis = Servers.need("Redis", RedisServer::startOwn);
        opened.add(redis);
        return redis;
    }

    private SharedSpace<String> process(String uri) {
        return open(store(uri));
    }

    private RedisSharedStore store(String uri) {
        RedisSharedStore store = RedisSharedStore.builder(uri)
                .commandTimeout(Duration.ofSeconds(5))
                .maxStaleness(LONG)
                .build();
        opened.add(store);
        return store;
    }

    private static SharedSpace<String> open(RedisSharedStore store) {
        return store.open("refused", KeyCodec.string(), "utf8", key -> {});
    }

    private static Claim claim() {
        return new Claim(Token.random(), LONG, () -> {});
    }

    private static void publish(SharedSpace<String> space, String key) {
        Claim claim = claim();
        assertInstanceOf(Look.Granted.class, space.claim(key, claim, null, NOBODY));
        assertEquals(Published.PUBLISHED, space.publish(key, claim, PAYLOAD, LONG, NOBODY));
    }

    private static void assertUnreadable(Supplier<Look> look) {
        assertThrows(SharedStoreUnavailableException.class, look::get);
    }

    @Test
    void aRecordIsReadNoMoreThoughItsInvalidationIsRefused() {
        RedisServer redis = redis();
        SharedSpace<String> space = process(redis.uri());
        publish(space, "k");
        publish(space, "other");
        redis.command("CONFIG", "SET", "min-replicas-to-write", "1");
        assertEquals(Invalidation.PENDING, space.invalidate("k"));
        assertUnreadable(() -> space.look("k", NOBODY));
        assertUnreadable(() -> space.lookOrClaim("k", RefusedInvalidationsIT::claim, NOBODY));
        assertUnreadable(() -> space.claim("k", claim(), null, NOBODY));
        assertInstanceOf(Look.Present.class, space.look("other", NOBODY));
        redis.command("CONFIG", "SET", "min-replicas-to-write", "0");
        assertInstanceOf(Look.Nothing.class, space.look("k", NOBODY));
    }

    /** As where an application's context is made anew; and a transaction that changed a key may end after that. */
    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void norByACacheThatIsOpenedAnew(boolean whole, boolean invalidatedBefore) {
        RedisServer redis = redis();
        RedisSharedStore store = store(redis.uri());
        SharedSpace<String> closed = open(store);
        publish(closed, "k");
        Runnable invalidating = () -> {
            redis.command("CONFIG", "SET", "min-replicas-to-write", "1");
            assertEquals(Invalidation.PENDING, whole ? closed.invalidateAll() : closed.invalidate("k"));
        };
        if (invalidatedBefore) {
            invalidating.run();
        }
        closed.close();
        SharedSpace<String> space = open(store);
        if (!invalidatedBefore) {
            assertInstanceOf(Look.Present.class, space.look("k", NOBODY));
            invalidating.run();
        }
        assertUnreadable(() -> space.look("k", NOBODY));
        redis.command("CONFIG", "SET", "min-replicas-to-write", "0");
        assertInstanceOf(Look.Nothing.class, space.look("k", NOBODY));
    }

    /** One of them sends what another one is about to read behind. */
    @Test
    void manyWhoAskAtOnceReadItNoMoreEither() {
        RedisServer redis = redis();
        SharedSpace<String> space = process(redis.uri());
        publish(space, "k");
        redis.command("CONFIG", "SET", "min-replicas-to-write", "1");
        assertEquals(Invalidation.PENDING, space.invalidate("k"));
        Set<String> seen = ConcurrentHashMap.newKeySet();
        IntStream.range(0, 3_000).parallel().forEach(i -> {
            try {
                seen.add(space.look("k", NOBODY).getClass().getSimpleName());
            } catch (SharedStoreUnavailableException e) {
                // as it should be
            }
            if (i % 10 == 0) {
                assertEquals(Invalidation.PENDING, space.invalidate("k"));
            }
        });
        assertEquals(Set.of(), seen);
    }

    @Test
    void aWholeCacheIsReadNoMoreThoughItsInvalidationIsRefused() {
        RedisServer redis = redis();
        SharedSpace<String> space = process(redis.uri());
        publish(space, "k");
        redis.command("CONFIG", "SET", "maxmemory", "1");
        assertEquals(Invalidation.PENDING, space.invalidateAll());
        assertUnreadable(() -> space.look("k", NOBODY));
        assertUnreadable(() -> space.lookOrClaim("k", RefusedInvalidationsIT::claim, NOBODY));
        redis.command("CONFIG", "SET", "maxmemory", "0");
        assertInstanceOf(Look.Nothing.class, space.look("k", NOBODY));
    }

    /** It stands for those of its keys from then on. */
    @Test
    void aKeyIsReadNoMoreWhileItsInvalidationAndThatOfItsCacheAreRefused() {
        RedisServer redis = redis();
        RedisSharedStore store = store(redis.uri());
        SharedSpace<String> space = open(store);
        publish(space, "k");
        assertEquals(Invalidation.CONFIRMED, space.invalidate("other"));
        assertEquals(0, store.pendingInvalidations());
        redis.command("ACL", "SETUSER", "default", "-del", "-set");
        assertEquals(Invalidation.PENDING, space.invalidate("k"));
        assertEquals(Invalidation.PENDING, space.invalidate("other"));
        assertEquals(2, store.pendingInvalidations());
        assertEquals(Invalidation.PENDING, space.invalidateAll());
        assertEquals(1, store.pendingInvalidations());
        assertUnreadable(() -> space.look("k", NOBODY));
        redis.command("ACL", "SETUSER", "default", "+set");
        assertInstanceOf(Look.Nothing.class, space.look("k", NOBODY));
        await().until(() -> store.pendingInvalidations() == 0);
    }

    /** As a node does that restarts: reads get through at once, long before the next tick. */
    @Test
    void whoReadsWhenItIsRefusedNoMoreFindsNothing() {
        AtomicBoolean loading = new AtomicBoolean();
        AtomicBoolean deleted = new AtomicBoolean();
        byte[] record = Payload.record(Token.random(), 0, 0, Payload.codecId("utf8"), false, PAYLOAD);
        ScriptedRedis redis = new ScriptedRedis().says(command -> {
            if (command.startsWith("DEL ") && loading.get()) {
                return "-LOADING Redis is loading the dataset in memory\r\n";
            }
            deleted.compareAndSet(false, command.startsWith("DEL "));
            boolean stands = command.startsWith("GET ") && !deleted.get();
            return stands ? ScriptedRedis.bulk(new String(record, StandardCharsets.ISO_8859_1)) : null;
        });
        opened.add(redis);
        SharedSpace<String> space = process(redis.uri());
        assertInstanceOf(Look.Present.class, space.look("k", NOBODY));
        loading.set(true);
        assertEquals(Invalidation.PENDING, space.invalidate("k"));
        assertUnreadable(() -> space.look("k", NOBODY));
        loading.set(false);
        assertInstanceOf(Look.Nothing.class, space.look("k", NOBODY));
        RedisSpace<String> real = (RedisSpace<String>) space;
        RedisSharedStore store = (RedisSharedStore) opened.get(1);
        await().until(() -> !store.invalidations().isPending(real.bare("k")));
    }
}
