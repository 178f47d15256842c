package dev.getorcreate.proof.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.CreationFailedException;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Outcome;
import dev.getorcreate.SharedStoreUnavailableException;
import dev.getorcreate.Source;
import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.spi.Codec;
import dev.getorcreate.spi.KeyCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** I8: what cannot be decoded is a miss that is counted and overwritten, never an exception to a caller. */
class UndecodableIT {

    private static RealRedis redis;

    private final List<GetOrCreateCache<?, ?>> open = new ArrayList<>();

    /** A codec of whatever behaviour. */
    private record Odd(String id, Function<String, byte[]> write, Function<byte[], String> read)
            implements Codec<String> {

        static Odd plain(String id) {
            return new Odd(
                    id,
                    value -> value.getBytes(StandardCharsets.UTF_8),
                    bytes -> new String(bytes, StandardCharsets.UTF_8));
        }

        @Override
        public byte[] encode(String value) {
            return write.apply(value);
        }

        @Override
        public String decode(ByteBuffer bytes) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            return read.apply(copy);
        }
    }

    @BeforeAll
    static void start() {
        redis = new RealRedis();
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @BeforeEach
    void flush() {
        redis.server.command("FLUSHALL");
    }

    @AfterEach
    void close() {
        open.forEach(GetOrCreateCache::close);
    }

    private GetOrCreateCache<String, String> cache(Codec<String> codec) {
        return cache(redis.one, codec);
    }

    private GetOrCreateCache<String, String> cache(dev.getorcreate.spi.SharedStore store, Codec<String> codec) {
        GetOrCreateCache<String, String> cache = GetOrCreateCache.<String, String>builder("odd")
                .local(CaffeineLocal.defaults())
                .shared(store, KeyCodec.string(), codec)
                .timeToLive(Duration.ofMinutes(5))
                .build();
        open.add(cache);
        return cache;
    }

    private void isAMiss(Consumer<String> plant) {
        var cache = cache(Odd.plain("odd"));
        cache.find("k"); // so that the cache has a generation
        plant.accept(redis.raw("odd", "k"));
        assertEquals(Optional.empty(), cache.find("k"), "also for find, which overwrites nothing");
        assertEquals(1, cache.stats().undecodable());
        assertEquals(new Outcome<>("v", Source.CREATED), cache.obtain("k", key -> "v"));
        assertEquals(2, cache.stats().undecodable());
        assertEquals(new Outcome<>("v", Source.LOCAL), cache.obtain("k", key -> "never"));
        cache.close();
        assertEquals(new Outcome<>("v", Source.SHARED), cache(Odd.plain("odd")).obtain("k", key -> "never"));
    }

    /** The record cannot be replaced, and is shown again whenever one looks: that must end, and in an error here. */
    @Test
    void whereItCannotBeOverwrittenTheCallEnds() {
        cache(Odd.plain("odd")).getOrCreate("k", key -> "v");
        Odd broken = new Odd("odd", value -> value.getBytes(StandardCharsets.UTF_8), bytes -> {
            throw new IllegalStateException("another class");
        });
        var cache = cache(redis.two, broken);
        redis.server.command("CONFIG", "SET", "maxmemory", "1");
        try {
            var refused = assertTimeoutPreemptively(
                    Duration.ofSeconds(20),
                    () -> assertThrows(
                            SharedStoreUnavailableException.class, () -> cache.getOrCreate("k", key -> "never")));
            assertTrue(refused.getMessage().contains("OOM"), refused::getMessage);
        } finally {
            redis.server.command("CONFIG", "SET", "maxmemory", "0");
        }
    }

    @Test
    void garbage() {
        isAMiss(raw -> redis.server.command("SET", raw, "garbage"));
    }

    @Test
    void anEmptyString() {
        isAMiss(raw -> redis.server.command("SET", raw, ""));
    }

    @Test
    void aKeyOfAnotherType() {
        isAMiss(raw -> redis.server.command("RPUSH", raw, "a", "b"));
    }

    @Test
    void aRecordThatWasCutShort() {
        var cache = cache(Odd.plain("odd"));
        cache.getOrCreate("whole", key -> "v");
        String bytes = String.valueOf(redis.server.command("GET", redis.raw("odd", "whole")));
        cache.close();
        for (int length = 1; length < bytes.length() - 1; length++) {
            String part = bytes.substring(0, length);
            flush();
            isAMiss(raw -> redis.server.command("SET", raw, part));
            open.forEach(GetOrCreateCache::close);
        }
    }

    @Test
    void aRecordOfAnotherCodec() {
        var other = cache(redis.two, Odd.plain("new"));
        isAMiss(raw -> other.getOrCreate("k", key -> "theirs"));
    }

    @Test
    void anUnknownFormat() {
        isAMiss(raw -> redis.server.command("SET", raw, "GC\u0063\u0002" + "x".repeat(60)));
    }

    @Test
    void aPayloadThatTheCodecThrowsOn() {
        Odd codec = new Odd("odd", value -> value.getBytes(StandardCharsets.UTF_8), bytes -> {
            String text = new String(bytes, StandardCharsets.UTF_8);
            if (text.startsWith("bad")) {
                throw new IllegalArgumentException("bad");
            }
            return text;
        });
        cache(redis.two, Odd.plain("odd")).getOrCreate("k", key -> "bad old");
        var cache = cache(codec);
        assertEquals(Optional.empty(), cache.find("k"));
        assertEquals(new Outcome<>("v", Source.CREATED), cache.obtain("k", key -> "v"));
        assertEquals(
                new Outcome<>("v", Source.LOCAL),
                cache.obtain("k", key -> "never"),
                "also kept: nothing changed since");
        assertEquals(2, cache.stats().undecodable());
        assertEquals(0, cache.stats().publishesRejected());
    }

    @Test
    void aPayloadThatTheCodecGivesNullFor() {
        cache(redis.two, Odd.plain("odd")).getOrCreate("k", key -> "old");
        var cache = cache(new Odd("odd", value -> value.getBytes(StandardCharsets.UTF_8), bytes -> nothing()));
        assertEquals(Optional.empty(), cache.find("k"));
        assertEquals(new Outcome<>("v", Source.CREATED), cache.obtain("k", key -> "v"));
    }

    @Test
    void whatTheCodecCannotEncodeIsAnErrorThatNamesItAndLeavesNoClaim() {
        IllegalStateException mine = new IllegalStateException("mine");
        encodingFails(
                value -> {
                    throw mine;
                },
                "the codec could not encode");
        encodingFails(value -> nothing(), "the codec gave null");
    }

    private void encodingFails(Function<String, byte[]> write, String message) {
        var cache = cache(new Odd("odd", write, bytes -> ""));
        for (int i = 0; i < 2; i++) {
            CreationFailedException e =
                    assertThrows(CreationFailedException.class, () -> cache.getOrCreate("k", key -> "v"));
            assertTrue(String.valueOf(e.getMessage()).contains(message), e.getMessage());
            redis.awaitGone("odd", "k");
        }
        cache.close();
    }

    @Test
    void aLiveClaimOfANewerFormatIsRespected() {
        var cache = cache(Odd.plain("odd"));
        cache.find("k"); // so that the cache has a generation
        // Format 99, kind claim, a token, and a lease of a minute: only the fields that never change are read.
        redis.server.command(
                "SET", redis.raw("odd", "k"), "GC\u0063\u0001" + "t".repeat(16) + "\0\0\u00ea\u0060", "PX", "60000");
        Caller<Outcome<String>> waiter = Caller.start(() -> cache.obtain("k", key -> "mine"));
        org.awaitility.Awaitility.await().during(Duration.ofMillis(400)).until(() -> !waiter.isDone());
        assertEquals(0, cache.stats().undecodable());
        redis.delete("odd", "k");
        assertEquals(new Outcome<>("mine", Source.CREATED), waiter.answer());
    }

    @SuppressWarnings("unchecked") // null is of every type
    private static <T> T nothing() {
        return (T) (Object) null;
    }
}
