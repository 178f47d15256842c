package dev.getorcreate.micrometer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.CacheStats;
import dev.getorcreate.Source;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CacheMetersTest {

    /** No two figures are the same, so that no meter can show another's. */
    private static final CacheStats STATS = new CacheStats(
            Map.of(
                    Source.LOCAL, 1000L,
                    Source.SHARED, 200L,
                    Source.WAITED, 30L,
                    Source.FOUND, 4L,
                    Source.CREATED, 5L,
                    Source.ADOPTED, 6L,
                    Source.RECOVERED, 7L,
                    Source.STALE, 10_000L),
            11,
            2_500_000_000L,
            12,
            13,
            14,
            15,
            21,
            16,
            17,
            18,
            19,
            22,
            20);

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final StubCache cache = new StubCache("accounts", STATS);

    private double count(String name, String... tags) {
        return registry.get(name).tags(tags).functionCounter().count();
    }

    @Test
    void everyCounterOfTheStatisticsHasItsMeter() {
        CacheMeters.bind(cache, registry);
        assertEquals(12, count("getorcreate.failures", "cache", "accounts"));
        assertEquals(13, count("getorcreate.conflicts.adopted", "cache", "accounts"));
        assertEquals(14, count("getorcreate.claims.lost", "cache", "accounts"));
        assertEquals(15, count("getorcreate.publishes.rejected", "cache", "accounts"));
        assertEquals(21, count("getorcreate.records.oversized", "cache", "accounts"));
        assertEquals(16, count("getorcreate.creators.overdue", "cache", "accounts"));
        assertEquals(17, count("getorcreate.polls.found", "cache", "accounts"));
        assertEquals(18, count("getorcreate.shared.errors", "cache", "accounts"));
        assertEquals(19, count("getorcreate.payloads.undecodable", "cache", "accounts"));
        assertEquals(22, count("getorcreate.invalidations.unconfirmed", "cache", "accounts"));
        assertEquals(20, registry.get("cache.size").gauge().value());
    }

    @Test
    void answersAreCountedBySourceInLowerCase() {
        CacheMeters.bind(cache, registry);
        for (Source source : Source.values()) {
            String tag = source.name().toLowerCase(java.util.Locale.ROOT);
            assertEquals(STATS.answers(source), count("getorcreate.requests", "cache", "accounts", "source", tag));
        }
    }

    @Test
    void hitsAndMissesTogetherAreAllCalls() {
        CacheMeters.bind(cache, registry);
        assertEquals(11_200, count("cache.gets", "result", "hit"));
        assertEquals(30 + 4 + 5 + 6 + 7 + 12, count("cache.gets", "result", "miss"));
    }

    @Test
    void theCreatorIsATimerOfRunsAndTheirTime() {
        CacheMeters.bind(cache, registry);
        FunctionTimer creator = registry.get("getorcreate.creator").functionTimer();
        assertEquals(11, creator.count());
        assertEquals(2.5, creator.totalTime(TimeUnit.SECONDS));
    }

    @Test
    void everyMeterIsTaggedByCacheAndByTheGivenTagsAndByNothingElse() {
        CacheMeters.bind(cache, registry, Tags.of("region", "north"));
        for (Meter meter : registry.getMeters()) {
            assertEquals("accounts", meter.getId().getTag("cache"));
            assertEquals("north", meter.getId().getTag("region"));
            assertTrue(
                    meter.getId().getTags().stream()
                            .allMatch(tag -> java.util.Set.of("cache", "region", "source", "result")
                                    .contains(tag.getKey())),
                    meter.getId()::toString);
        }
    }

    @Test
    void bindingTwiceCountsOnce() {
        CacheMeters.bind(cache, registry);
        int meters = registry.getMeters().size();
        CacheMeters.bind(cache, registry);
        assertEquals(meters, registry.getMeters().size());
        assertEquals(13, count("getorcreate.conflicts.adopted"));
    }

    @Test
    void twoCachesStandBesideEachOther() {
        CacheMeters.bind(cache, registry);
        CacheMeters.bind(new StubCache("users", STATS), registry);
        assertEquals(14, count("getorcreate.claims.lost", "cache", "accounts"));
        assertEquals(14, count("getorcreate.claims.lost", "cache", "users"));
    }

    @Test
    void aCacheThatIsBuiltAgainIsMeasuredInsteadOfItsFormerSelf() {
        CacheMeters former = CacheMeters.bind(cache, registry);
        StubCache again = new StubCache(
                "accounts", new CacheStats(Map.of(Source.LOCAL, 1L), 0, 0, 99, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
        CacheMeters.bind(again, registry);
        assertEquals(99, count("getorcreate.failures"));

        former.close();
        assertEquals(99, count("getorcreate.failures"), "the former's handle must not remove its successor's meters");
    }

    @Test
    void closingRemovesTheMetersAndMayBeRepeated() {
        registry.counter("of.the.application").increment();
        CacheMeters bound = CacheMeters.bind(cache, registry);
        bound.close();
        bound.close();
        assertEquals(1, registry.getMeters().size());
    }

    @Test
    void metersThatAFilterDeniesOrRenamesDoNotDisturbTheOthers() {
        registry.config().meterFilter(MeterFilter.denyNameStartsWith("getorcreate.polls"));
        registry.config().commonTags("host", "a");
        CacheMeters.bind(cache, registry);
        CacheMeters bound = CacheMeters.bind(cache, registry);
        assertEquals(12, count("getorcreate.failures", "host", "a"));
        bound.close();
        assertEquals(0, registry.getMeters().size());
    }

    @Test
    void aCompositeRegistryPassesTheMetersOn() {
        CompositeMeterRegistry composite = new CompositeMeterRegistry();
        composite.add(registry);
        CacheMeters bound = CacheMeters.bind(cache, composite);
        assertEquals(12, count("getorcreate.failures"));
        bound.close();
        assertEquals(0, registry.getMeters().size());
    }
}
