package dev.getorcreate.proof.readme;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.CacheBuilder;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.jdbc.JdbcArbiter;
import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.redis.RedisSharedStore;
import dev.getorcreate.spi.Codec;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.testkit.InMemoryRedis;
import dev.getorcreate.testkit.InMemorySharedStore;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

/** The defaults that the README names are those of builders on which nothing was set. */
class DefaultsTest {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\w+\\.\\w+)` \\| ([^|]+) \\|");
    private static final String WAIT_TIMEOUT = "CacheBuilder.waitTimeout";

    private final Map<String, String> named = new TreeMap<>();

    DefaultsTest() throws IOException {
        Path readme = Path.of("").toAbsolutePath().resolveSibling("README.md");
        ROW.matcher(Files.readString(readme)).results().forEach(row -> named.put(row.group(1), row.group(2)));
    }

    @Test
    void areAsNamed() {
        Object cache = GetOrCreateCache.builder("defaults");
        Object local = CaffeineLocal.defaults();
        Object redis = RedisSharedStore.builder("redis://localhost");
        Object jdbc = JdbcArbiter.on(new JdbcDataSource());
        Map<String, String> real = new TreeMap<>(Map.ofEntries(
                entry("CacheBuilder.coarseClock", of(cache, "coarseClock")),
                entry("CacheBuilder.failureHold", of(cache, "failureHold")),
                entry("CacheBuilder.lease", of(cache, "lease")),
                entry("CacheBuilder.maxCreationTime", of(cache, "maxCreationTime")),
                entry("CacheBuilder.maxDirect", of(cache, "maxDirect")),
                entry("CacheBuilder.whenSharedDown", of(cache, "whenSharedDown")),
                entry("CaffeineLocal.expireAfterWrite", of(local, "expireAfterWrite")),
                entry("CaffeineLocal.maximumSize", of(local, "maximumSize")),
                entry("JdbcArbiterBuilder.statementTimeout", of(jdbc, "statementTimeout")),
                entry("RedisSharedStoreBuilder.commandTimeout", of(redis, "commandTimeout")),
                entry("RedisSharedStoreBuilder.compressAbove", of(redis, "compressAbove")),
                entry("RedisSharedStoreBuilder.maxPayload", of(redis, "maxPayload")),
                entry("RedisSharedStoreBuilder.maxPendingInvalidations", of(redis, "maxPending")),
                entry("RedisSharedStoreBuilder.maxStaleness", of(redis, "maxStaleness")),
                entry("RedisSharedStoreBuilder.requireTracking", of(redis, "trackingRequired"))));
        Map<String, String> plain = named.entrySet().stream()
                .filter(row -> row.getValue().matches("\\d.*|off|`.*`")
                        && !row.getKey().equals(WAIT_TIMEOUT))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (one, other) -> one, TreeMap::new));
        assertEquals(real, plain);
    }

    @Test
    void callersWaitAtLeastForTheEndOfACreatorThatHangs() {
        CacheBuilder<String, String> local =
                GetOrCreateCache.<String, String>builder("defaults").local(CaffeineLocal.defaults());
        assertTrue(String.valueOf(named.get(WAIT_TIMEOUT))
                .startsWith(inWords(waitTimeout(local)) + ", or with a shared tier 3 s"));
        CacheBuilder<String, String> shared = GetOrCreateCache.<String, String>builder("defaults")
                .shared(new InMemorySharedStore(new InMemoryRedis()), KeyCodec.string(), Codec.string())
                .timeToLive(Duration.ofMinutes(1));
        assertEquals(waitTimeout(local), waitTimeout(shared));
        shared.maxCreationTime(Duration.ofSeconds(20)).lease(Duration.ofSeconds(5));
        assertEquals(Duration.ofSeconds(20 + 5 + 3), waitTimeout(shared));
    }

    private static Object waitTimeout(CacheBuilder<String, String> builder) {
        try (GetOrCreateCache<String, String> cache = builder.build()) {
            return field(field(field(cache, "tiers"), "knobs"), "waitTimeout");
        }
    }

    private static String of(Object builder, String field) {
        return inWords(field(builder, field));
    }

    private static Object field(Object owner, String name) {
        try {
            Field field = owner.getClass().getDeclaredField(name);
            field.setAccessible(true);
            return field.get(owner);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    /** As the README writes it. */
    private static String inWords(Object value) {
        if (value instanceof Duration time) {
            return time.toMillis() < 1000
                    ? time.toMillis() + " ms"
                    : time.toSeconds() < 60 ? time.toSeconds() + " s" : time.toMinutes() + " min";
        }
        if (value.equals(false) || value.equals(Integer.MAX_VALUE)) {
            return "off";
        }
        if (value instanceof Number number) {
            long count = number.longValue();
            return count % (1 << 20) == 0
                    ? (count >> 20) + " MiB"
                    : String.format(Locale.ROOT, "%,d", count).replace(',', ' ');
        }
        return "`" + value + "`";
    }
}
