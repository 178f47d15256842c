package dev.getorcreate.redis;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Outcome;
import dev.getorcreate.Source;
import dev.getorcreate.spi.Claim;
import dev.getorcreate.spi.Codec;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.Published;
import dev.getorcreate.spi.SharedSpace;
import dev.getorcreate.spi.TimeSource;
import dev.getorcreate.spi.Token;
import dev.getorcreate.spi.Watch;
import dev.getorcreate.testkit.Closing;
import dev.getorcreate.testkit.RedisServer;
import dev.getorcreate.testkit.Servers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What records look like on a real Redis: large ones, compressed ones, and those that some other process wrote. */
class RecordsIT {

    private static final Duration LONG = Duration.ofSeconds(10);
    private static final Watch NOBODY = vouch -> {};
    private static final byte[] TEXT = "{\"name\":\"a name\"}".repeat(300).getBytes(StandardCharsets.UTF_8);
    private static final long MILLIS = 1_000_000;
    private static RedisServer redis;

    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeAll
    static void start() {
        redis = Servers.need("Redis", RedisServer::startOwn);
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @BeforeEach
    void flush() {
        redis.command("FLUSHALL");
    }

    @AfterEach
    void close() {
        Closing.lastFirst(opened);
    }

    private static RedisSharedStoreBuilder builder() {
        return RedisSharedStore.builder(redis.uri().toString()).commandTimeout(Duration.ofSeconds(3));
    }

    private RedisSharedStore store(RedisSharedStoreBuilder builder) {
        RedisSharedStore store = builder.build();
        opened.add(store);
        return store;
    }

    private SharedSpace<String> process(RedisSharedStoreBuilder builder) {
        return store(builder).open("records", KeyCodec.string(), "bytes", key -> {});
    }

    private static Published publish(SharedSpace<String> space, String key, byte[] payload) {
        Claim claim = new Claim(Token.random(), LONG, () -> {});
        assertInstanceOf(Look.Granted.class, space.claim(key, claim, null, NOBODY));
        return space.publish(key, claim, payload, LONG, NOBODY);
    }

    private static byte[] present(Look look) {
        Look.Present present = assertInstanceOf(Look.Present.class, look);
        byte[] payload = new byte[present.payload().remaining()];
        present.payload().get(payload);
        return payload;
    }

    private static String whole(String key) {
        return "records:" + redis.command("GET", "records:generation") + ":" + key;
    }

    private static long length(String key) {
        return (Long) redis.command("STRLEN", whole(key));
    }

    @Test
    void processesWithDifferentSettingsReadOneAnothersRecords() {
        SharedSpace<String> compressing = process(builder().compressAbove(1000));
        SharedSpace<String> plain = process(builder());
        assertEquals(Published.PUBLISHED, publish(compressing, "small", TEXT));
        assertEquals(Published.PUBLISHED, publish(plain, "large", TEXT));
        assertTrue(length("small") < TEXT.length / 4, () -> "compressed: " + length("small"));
        assertTrue(length("large") > TEXT.length, () -> "not compressed: " + length("large"));
        for (SharedSpace<String> reader : List.of(compressing, plain)) {
            assertArrayEquals(TEXT, present(reader.look("small", NOBODY)));
            assertArrayEquals(TEXT, present(reader.look("large", NOBODY)));
            Claim claim = new Claim(Token.random(), LONG, () -> {});
            assertArrayEquals(TEXT, present(reader.claim("small", claim, null, NOBODY)));
        }
    }

    /** By these a later version may refresh it before it ends. */
    @Test
    void aRecordSaysWhenItWasMadeAndWhatThatCost() {
        SharedSpace<String> space = process(builder());
        Claim claim = new Claim(Token.random(), LONG, () -> {});
        TimeSource time = TimeSource.system();
        long began = time.nanoTime();
        assertInstanceOf(Look.Granted.class, space.claim("k", claim, null, NOBODY));
        long claimed = time.nanoTime();
        await().until(() -> time.nanoTime() - claimed > MILLIS * 20);
        long before = time.epochMillis();
        assertEquals(Published.PUBLISHED, space.publish("k", claim, TEXT, LONG, NOBODY));
        long after = time.epochMillis();
        long longest = (time.nanoTime() - began) / MILLIS;
        String bytes = String.valueOf(redis.command("GET", whole("k")));
        ByteBuffer record = ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1));
        long created = record.getLong(Payload.STAMPED);
        assertTrue(before <= created && created <= after, before + " <= " + created + " <= " + after);
        long cost = record.getInt(Payload.STAMPED + 16);
        assertTrue(20 <= cost && cost <= longest, "20 <= " + cost + " <= " + longest);
    }

    @Test
    void whatIsShortOrDoesNotGetSmallerStandsThereAsItIs() {
        SharedSpace<String> space = process(builder().compressAbove(1000));
        byte[] random = new byte[5_000];
        new Random(1).nextBytes(random);
        publish(space, "zeros of 1000", new byte[1000]);
        publish(space, "zeros of 1001", new byte[1001]);
        publish(space, "random", random);
        assertTrue(length("zeros of 1000") > 1000);
        assertTrue(length("zeros of 1001") < 1000);
        assertTrue(length("random") > 5_000);
        assertArrayEquals(random, present(space.look("random", NOBODY)));
    }

    @Test
    void theBoundIsOnWhatStandsInRedisToTheByte() {
        SharedSpace<String> space = process(builder());
        publish(space, "empty", new byte[0]);
        int header = (int) length("empty");
        SharedSpace<String> bounded = process(builder().maxPayload(2_000));
        assertEquals(Published.PUBLISHED, publish(bounded, "fits", new byte[2_000 - header]));
        assertEquals(2_000, length("fits"));
        assertEquals(Published.OVERSIZED, publish(bounded, "too large", new byte[2_001 - header]));
        await().untilAsserted(() -> assertEquals(0, length("too large"))); // the release is not waited for
        SharedSpace<String> compressing = process(builder().maxPayload(2_000).compressAbove(0));
        assertEquals(Published.PUBLISHED, publish(compressing, "compressed", new byte[100_000]));
        assertArrayEquals(new byte[100_000], present(bounded.look("compressed", NOBODY)), "readers are not bounded");
    }

    @Test
    void aBrokenCompressedRecordIsAMissThatIsReplaced() {
        RedisSharedStore store = store(builder().compressAbove(100));
        try (GetOrCreateCache<String, byte[]> cache = GetOrCreateCache.<String, byte[]>builder("records")
                .shared(store, KeyCodec.string(), Codec.bytes())
                .timeToLive(LONG)
                .build()) {
            cache.getOrCreate("k", key -> TEXT);
            long length = length("k");
            redis.command("SETRANGE", whole("k"), Long.toString(length - 1), "?");
            Outcome<byte[]> repaired = cache.obtain("k", key -> TEXT);
            assertEquals(Source.CREATED, repaired.source());
            assertEquals(1, cache.stats().undecodable());
            assertEquals(Source.SHARED, cache.obtain("k", key -> TEXT).source());
            assertEquals(length, length("k"));
        }
    }

    @Test
    void anOversizedRecordIsReturnedCountedAndSaidOnceWithoutKeyOrValue() {
        RedisSharedStore store = store(builder().maxPayload(2_000));
        List<String> said = new CopyOnWriteArrayList<>();
        Handler hearer = hearer(said);
        Logger log = Logger.getLogger("dev.getorcreate.redis");
        log.addHandler(hearer);
        try (GetOrCreateCache<String, byte[]> cache = GetOrCreateCache.<String, byte[]>builder("records")
                .shared(store, KeyCodec.string(), Codec.bytes())
                .timeToLive(LONG)
                .build()) {
            for (int i = 1; i <= 3; i++) {
                String secret = "secret" + i;
                Outcome<byte[]> made = cache.obtain(secret, key -> TEXT);
                assertArrayEquals(TEXT, made.value());
                assertEquals(Source.CREATED, made.source());
                assertEquals(i, cache.stats().oversized());
                assertEquals(i, cache.stats().creatorRuns());
                await().untilAsserted(() -> assertEquals(0, length(secret))); // the release is not waited for
            }
        } finally {
            log.removeHandler(hearer);
        }
        assertEquals(1, said.size(), said.toString());
        String text = said.get(0);
        assertTrue(text.startsWith("WARNING") && text.contains("'records'"), text);
        assertTrue(text.contains("maxPayload is 2000") && text.contains(" 51"), text);
        assertFalse(text.contains("secret") || text.contains("a name"), text);
    }

    private static Handler hearer(List<String> said) {
        return new Handler() {
            @Override
            public void publish(LogRecord record) {
                if (String.valueOf(record.getMessage()).contains("maxPayload")) {
                    said.add(record.getLevel() + " " + record.getMessage());
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
    }
}
