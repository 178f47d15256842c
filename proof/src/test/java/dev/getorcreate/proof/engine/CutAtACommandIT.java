package dev.getorcreate.proof.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Outcome;
import dev.getorcreate.SharedStoreUnavailableException;
import dev.getorcreate.Source;
import dev.getorcreate.redis.RedisSharedStore;
import dev.getorcreate.testkit.Closing;
import dev.getorcreate.testkit.InMemoryArbiter;
import dev.getorcreate.testkit.RedisServer;
import dev.getorcreate.testkit.Servers;
import dev.getorcreate.testkit.TcpProxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The connection to Redis is cut at one command of a creation, before it arrived or before its answer did. */
class CutAtACommandIT {

    enum Cut {
        LOOK(TcpProxy.Direction.TO_SERVER, "\r\nGET\r\n"),
        CLAIM(TcpProxy.Direction.TO_SERVER, "\r\nNX\r\n"),
        /** The claim was granted, and nobody learns it: the write, of which its own client is told, too, went through. */
        ANSWER_TO_THE_CLAIM(TcpProxy.Direction.TO_CLIENT, "invalidate"),
        PUBLISH(TcpProxy.Direction.TO_SERVER, "\r\nEVALSHA\r\n"),
        /** It was published, and nobody learns it: the record comes with the GET behind it. */
        ANSWER_TO_THE_PUBLISH(TcpProxy.Direction.TO_CLIENT, "made");

        private final TcpProxy.Direction direction;
        private final String word;

        Cut(TcpProxy.Direction direction, String word) {
            this.direction = direction;
            this.word = word;
        }

        BooleanSupplier aim(TcpProxy way) {
            return way.cutAt(direction, part -> new String(part, StandardCharsets.ISO_8859_1).contains(word));
        }
    }

    private static final String KEY = "k";

    private final InMemoryArbiter<String, String> table = new InMemoryArbiter<>();
    private final AtomicInteger creatorRuns = new AtomicInteger();
    private final RedisServer redis = Servers.need("Redis", RedisServer::startOwn);
    private final TcpProxy way = TcpProxy.to(redis.port());
    private final List<AutoCloseable> open = new ArrayList<>(List.of(redis, way));

    @AfterEach
    void close() {
        Closing.lastFirst(open);
    }

    private GetOrCreateCache<String, String> process(Combination tiers, int port) {
        RedisSharedStore store = RedisSharedStore.builder("redis://127.0.0.1:" + port)
                .commandTimeout(Duration.ofSeconds(2))
                .build();
        open.add(store);
        GetOrCreateCache<String, String> cache = tiers.builder("cuts", store, table)
                .lease(Duration.ofMillis(500))
                .build();
        open.add(cache);
        cache.getOrCreate("warm", key -> "warm");
        return cache;
    }

    private String make(String key) {
        return "made" + creatorRuns.incrementAndGet();
    }

    @ParameterizedTest
    @EnumSource
    void withAnArbiterTheCallerHasItsRecordAndNobodyCreatesItAgain(Cut cut) {
        var cache = process(Combination.ALL, way.port());
        var other = process(Combination.ALL, redis.port());
        BooleanSupplier done = cut.aim(way);
        assertEquals(new Outcome<>("made1", Source.CREATED), cache.obtain(KEY, this::make));
        assertTrue(done.getAsBoolean(), "the cut was made");
        assertEquals("made1", other.getOrCreate(KEY, key -> "another"));
        assertEquals(1, creatorRuns.get());
        assertEquals("made1", table.find(KEY).orElseThrow());
    }

    @ParameterizedTest
    @EnumSource
    void withoutOneWhoeverAsksNextHasTheOneRecordThatThereIs(Cut cut) {
        var cache = process(Combination.LOCAL_SHARED, way.port());
        var other = process(Combination.LOCAL_SHARED, redis.port());
        BooleanSupplier done = cut.aim(way);
        String told;
        try {
            told = cache.getOrCreate(KEY, this::make);
        } catch (SharedStoreUnavailableException e) {
            told = null;
        }
        assertTrue(done.getAsBoolean(), "the cut was made");
        String record = other.getOrCreate(KEY, this::make);
        assertTrue(told == null || told.equals(record), told + " and " + record);
        Awaitility.await()
                .ignoreExceptions()
                .untilAsserted(() -> assertEquals(record, cache.getOrCreate(KEY, key -> "another")));
        assertTrue(creatorRuns.get() <= 2, () -> creatorRuns + " creator runs");
    }
}
