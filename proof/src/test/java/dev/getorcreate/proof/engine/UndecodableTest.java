package dev.getorcreate.proof.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Outcome;
import dev.getorcreate.Source;
import dev.getorcreate.spi.Codec;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.testkit.CapturedLog;
import dev.getorcreate.testkit.InMemoryRedis;
import dev.getorcreate.testkit.InMemorySharedStore;
import dev.getorcreate.testkit.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A cache whose records cannot be read is useless, and says so: once, not at each record. */
@Timeout(120)
class UndecodableTest {

    private static final List<String> KEYS = List.of("a", "b", "c");

    private final VirtualTime time = new VirtualTime();
    private final InMemoryRedis redis = new InMemoryRedis(time);
    private final CapturedLog log = new CapturedLog("dev.getorcreate");

    @AfterEach
    void close() {
        log.close();
    }

    private GetOrCreateCache<String, String> open(Codec<String> codec) {
        return GetOrCreateCache.<String, String>builder("shop.users")
                .shared(new InMemorySharedStore(redis), KeyCodec.string(), codec)
                .timeToLive(Duration.ofMinutes(5))
                .timeSource(time)
                .build();
    }

    private static Codec<String> unreadable() {
        return new StringsReadBy(bytes -> {
            throw new IllegalArgumentException("an interface has no constructor");
        });
    }

    private String onlyLine() {
        assertEquals(1, log.lines().size(), log.lines()::toString);
        String line = log.lines().get(0);
        assertFalse(line.contains("an interface has no constructor"), "a message may quote the value: " + line);
        return line;
    }

    private static void says(String line, String... parts) {
        for (String part : parts) {
            assertTrue(line.contains(part), line);
        }
    }

    @Test
    void aCodecThatCannotReadWhatItWritesIsToldOfAtTheFirstRecord() {
        try (var cache = open(unreadable())) {
            KEYS.forEach(each -> assertEquals(new Outcome<>(each, Source.CREATED), cache.obtain(each, key -> key)));
            says(onlyLine(), "'shop.users'", "cannot read what it writes", "java.lang.IllegalArgumentException");
            assertEquals(0, cache.stats().undecodable(), "it has read nothing from the shared store");
        }
    }

    /** That is tried for a warning's sake alone. */
    @Test
    void aRecordThatCouldNotBeReadBackForWantOfMemoryIsOne() {
        Codec<String> large = new StringsReadBy(bytes -> {
            throw new OutOfMemoryError("as if");
        });
        try (var cache = open(large)) {
            assertEquals(new Outcome<>("a", Source.CREATED), cache.obtain("a", key -> key));
            assertEquals(1, cache.stats().creatorRuns());
        } catch (OutOfMemoryError e) {
            fail(e); // of which JUnit itself would die
        }
    }

    @Test
    void whatAnotherWroteAndCannotBeReadIsToldOfOnce() {
        try (var writer = open(Codec.string());
                var reader = open(unreadable())) {
            KEYS.forEach(each -> writer.getOrCreate(each, key -> key));
            assertEquals(List.of(), log.lines());
            KEYS.forEach(each -> assertEquals(Optional.empty(), reader.find(each)));
            says(onlyLine(), "'shop.users'", "java.lang.IllegalArgumentException", "another program");
            assertEquals(3, reader.stats().undecodable());
        }
    }
}
