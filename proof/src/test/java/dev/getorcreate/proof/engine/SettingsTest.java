package dev.getorcreate.proof.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.CacheBuilder;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.WhenSharedDown;
import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.redis.RedisSharedStore;
import dev.getorcreate.spi.Codec;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.Transactions;
import dev.getorcreate.testkit.InMemoryArbiter;
import dev.getorcreate.testkit.InMemoryRedis;
import dev.getorcreate.testkit.InMemorySharedStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Settings that are missing, absurd or contradict each other are refused when the cache is built, by their names. */
class SettingsTest {

    /** Nothing listens there: the settings are checked before anybody connects. */
    private static RedisSharedStore away;

    @BeforeAll
    static void open() {
        away = RedisSharedStore.builder("redis://127.0.0.1:1").build();
    }

    @AfterAll
    static void close() {
        away.close();
    }

    private static CacheBuilder<String, String> builder() {
        return GetOrCreateCache.builder("settings");
    }

    private static CacheBuilder<String, String> local() {
        return builder().local(CaffeineLocal.defaults());
    }

    private static CacheBuilder<String, String> shared() {
        return builder().shared(away, KeyCodec.string(), Codec.string()).timeToLive(Duration.ofMinutes(1));
    }

    private static void refused(CacheBuilder<String, String> builder, String... named) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, builder::build);
        for (String name : named) {
            assertTrue(String.valueOf(e.getMessage()).contains(name), () -> name + " is not in: " + e.getMessage());
        }
    }

    @Test
    void aCacheWithoutATierIsRefused() {
        refused(builder(), "no tier", "local(...)", "shared(...)", "arbiter(...)");
    }

    @Test
    void durationsMustBePositiveAndLessThanAYear() {
        for (Duration absurd : List.of(
                Duration.ofSeconds(-1),
                Duration.ofNanos(1),
                Duration.ofDays(366),
                Duration.ofSeconds(Long.MAX_VALUE))) {
            refused(local().waitTimeout(absurd), "waitTimeout", absurd.toString());
            refused(local().maxCreationTime(absurd), "maxCreationTime", absurd.toString());
            refused(local().lease(absurd), "lease", absurd.toString());
            refused(local().failureHold(absurd), "failureHold", "0 (off)", absurd.toString());
            refused(shared().timeToLive(absurd), "timeToLive", absurd.toString());
        }
        refused(local().waitTimeout(Duration.ZERO), "waitTimeout");
        refused(local().maxCreationTime(Duration.ZERO), "maxCreationTime");
        refused(local().lease(Duration.ofMillis(49)), "lease", "PT0.05S");
    }

    @Test
    void timeToLiveIsRequiredWithASharedStoreAndRefusedWithoutOne() {
        refused(builder().shared(away, KeyCodec.string(), Codec.string()), "timeToLive is required");
        refused(shared().timeToLive(Duration.ZERO), "timeToLive must be between");
        refused(local().timeToLive(Duration.ofMinutes(1)), "timeToLive", "expireAfterWrite");
    }

    @Test
    void anArbiterWhoseTransactionsAreNotToBeHadLeavesNothingOpen() {
        List<Supplier<Transactions>> answers = new ArrayList<>(List.of(() -> nothing(), () -> {
            throw new IllegalStateException("as if");
        }));
        InMemorySharedStore store = new InMemorySharedStore(new InMemoryRedis());
        CacheBuilder<String, String> building = GetOrCreateCache.<String, String>builder("settings")
                .shared(store, KeyCodec.string(), Codec.string())
                .timeToLive(Duration.ofMinutes(1))
                .arbiter(new RelayedArbiter(new InMemoryArbiter<>()) {
                    @Override
                    public Transactions transactions() {
                        return answers.isEmpty()
                                ? Transactions.NONE
                                : answers.remove(0).get();
                    }
                });
        assertTrue(assertThrows(NullPointerException.class, building::build)
                .getMessage()
                .contains("transactions()"));
        assertThrows(IllegalStateException.class, building::build);
        building.build().close();
    }

    @Test
    void aLeaseMustNotOutliveTheRecord() {
        refused(shared().timeToLive(Duration.ofSeconds(1)), "lease (PT2S)", "timeToLive (PT1S)");
    }

    @Test
    void callersMustBeAbleToWaitUntilADeadCreatorIsReplaced() {
        refused(
                shared().waitTimeout(Duration.ofMillis(11_999)),
                "waitTimeout (PT11.999S)",
                "maxCreationTime + lease (PT12S)");
        shared().waitTimeout(Duration.ofSeconds(12)).build().close();
        // Not set, it follows.
        shared().maxCreationTime(Duration.ofMinutes(1)).build().close();
    }

    @Test
    void atLeastOneMustBeLetToTheArbiter() {
        refused(local().maxDirect(0), "maxDirect", "0");
        refused(local().maxDirect(-1), "maxDirect", "-1");
    }

    @Test
    void whatToDoWhenTheSharedStoreIsDownIsNoQuestionWithAnArbiterOrWithoutASharedStore() {
        refused(
                shared().arbiter(new InMemoryArbiter<>()).whenSharedDown(WhenSharedDown.CREATE),
                "whenSharedDown(CREATE)");
        refused(local().whenSharedDown(WhenSharedDown.CREATE), "whenSharedDown(CREATE)");
        shared().whenSharedDown(WhenSharedDown.CREATE).build().close();
    }

    @Test
    void nullsAreRefusedByTheNameOfTheSetting() {
        Map<String, Consumer<CacheBuilder<String, String>>> nulls = Map.ofEntries(
                Map.entry("local", b -> b.local(nothing())),
                Map.entry("store", b -> b.shared(nothing(), KeyCodec.string(), Codec.string())),
                Map.entry("keys", b -> b.shared(away, nothing(), Codec.string())),
                Map.entry("values", b -> b.shared(away, KeyCodec.string(), nothing())),
                Map.entry("arbiter", b -> b.arbiter(nothing())),
                Map.entry("timeToLive", b -> b.timeToLive(nothing())),
                Map.entry("waitTimeout", b -> b.waitTimeout(nothing())),
                Map.entry("maxCreationTime", b -> b.maxCreationTime(nothing())),
                Map.entry("lease", b -> b.lease(nothing())),
                Map.entry("failureHold", b -> b.failureHold(nothing())),
                Map.entry("whenSharedDown", b -> b.whenSharedDown(nothing())),
                Map.entry("executor", b -> b.executor(nothing())),
                Map.entry("listener", b -> b.listener(nothing())),
                Map.entry("timeSource", b -> b.timeSource(nothing())));
        nulls.forEach((name, set) -> {
            NullPointerException e = assertThrows(NullPointerException.class, () -> set.accept(builder()));
            assertEquals(name, e.getMessage());
        });
        assertThrows(NullPointerException.class, () -> GetOrCreateCache.builder(nothing()));
    }

    @Test
    void theNameMustBeUsable() {
        for (String name : List.of("", "  ", "x".repeat(201))) {
            IllegalArgumentException e =
                    assertThrows(IllegalArgumentException.class, () -> GetOrCreateCache.builder(name));
            assertTrue(String.valueOf(e.getMessage()).contains("name"), e.getMessage());
        }
    }

    @Test
    void theLocalTiersSettingsAreRefusedByName() {
        for (long size : new long[] {0, -1}) {
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> CaffeineLocal.defaults()
                    .maximumSize(size));
            assertTrue(String.valueOf(e.getMessage()).contains("local.maximumSize"), e.getMessage());
        }
        for (Duration absurd : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofDays(366))) {
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> CaffeineLocal.defaults()
                    .expireAfterWrite(absurd));
            assertTrue(String.valueOf(e.getMessage()).contains("local.expireAfterWrite"), e.getMessage());
        }
    }

    @SuppressWarnings("unchecked") // null is of every type
    private static <T> T nothing() {
        return (T) (Object) null;
    }
}
