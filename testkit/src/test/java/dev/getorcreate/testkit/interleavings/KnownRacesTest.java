package dev.getorcreate.testkit.interleavings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The races of caches that are written again and again: each is found, and found no more once it is cured. */
class KnownRacesTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static final Check ALIKE = result -> assertEquals(result.answer("A"), result.answer("B"));

    private static Counterexample found(Consumer<Setup> scenario, Check check) {
        Report report = Interleavings.of(scenario).explore(check);
        assertTrue(report.complete());
        assertTrue(report.violations() < report.interleavings(), "in some orders it goes well: " + report);
        return report.failure().orElseThrow();
    }

    private static void clean(Consumer<Setup> scenario, Check check) {
        Report report = Interleavings.of(scenario).check(check);
        assertTrue(report.complete());
        assertTrue(report.interleavings() > 1, report::toString);
    }

    private interface Way {
        String getOrCreate(SteppedStore cache, SteppedTable table, Lock own, String by);
    }

    private static Consumer<Setup> twoCallers(Way way, boolean unique) {
        return setup -> {
            SteppedStore cache = setup.store("cache");
            SteppedTable table = unique ? setup.uniqueTable("table") : setup.table("table");
            for (String name : List.of("A", "B")) {
                Lock own = setup.lock(name + "'s lock");
                setup.caller(name, () -> way.getOrCreate(cache, table, own, "record of " + name));
            }
        };
    }

    private static String theSixLines(SteppedStore cache, SteppedTable table, Lock own, String by) {
        String existing = cache.get("ann");
        if (existing == null) {
            table.insert("ann", by);
            cache.set("ann", by);
            return by;
        }
        return existing;
    }

    @Test
    void theSixLines() {
        Report report =
                Interleavings.of(twoCallers(KnownRacesTest::theSixLines, false)).explore(ALIKE);
        assertTrue(report.millis() < 10_000, report::toString); // a net; it takes some milliseconds
        Counterexample failure = report.failure().orElseThrow();
        assertEquals(6, failure.drawing().steps());
        assertEquals(
                "B checked before A acted: both believe they are first.",
                failure.drawing().sentence());
    }

    private static String atomically(SteppedStore cache, SteppedTable table, Lock own, String by) {
        String existing = cache.get("ann");
        if (existing != null) {
            return existing;
        }
        String row = table.insert("ann", by) ? by : table.find("ann");
        cache.set("ann", row);
        return row;
    }

    @Test
    void theSixLinesWithAUniqueConstraint() {
        clean(twoCallers(KnownRacesTest::atomically, true), ALIKE);
    }

    private static String doubleChecked(SteppedStore cache, SteppedTable table, Lock own, String by) {
        String existing = cache.get("ann");
        if (existing != null) {
            return existing;
        }
        own.lock();
        try {
            return theSixLines(cache, table, own, by);
        } finally {
            own.unlock();
        }
    }

    @Test
    void doubleCheckedLockingWithALockOfEachProcess() {
        Counterexample failure = found(twoCallers(KnownRacesTest::doubleChecked, false), ALIKE);
        assertEquals(
                "B checked before A acted: both believe they are first.",
                failure.drawing().sentence());
    }

    private static String setIfAbsent(SteppedStore cache, SteppedTable table, Lock own, String by) {
        return cache.setIfAbsent("ann", by) ? by : cache.get("ann");
    }

    @Test
    void setIfAbsentIsOneStep() {
        clean(twoCallers(KnownRacesTest::setIfAbsent, false), ALIKE);
    }

    private static Consumer<Setup> counted(boolean lifeFirst) {
        return setup -> {
            SteppedStore redis = setup.store("redis");
            for (String name : List.of("A", "B")) {
                setup.caller(name, () -> {
                    if (lifeFirst) {
                        redis.setIfAbsent("hits", "0", MINUTE);
                    }
                    long hits = redis.increment("hits");
                    return lifeFirst || hits > 1 || redis.expire("hits", MINUTE);
                });
            }
            setup.mayCrash("A");
            KnownRacesTest.redis = redis;
        };
    }

    /** Of the run that is going on. Guard: one run at a time. */
    private static SteppedStore redis;

    @Test
    void incrementThenExpireWithACrashBetweenThem() {
        Counterexample failure = found(counted(false), result -> assertTrue(redis.expires("hits"), "counts for ever"));
        assertEquals(
                "A died after \"redis increment hits\": what was to follow never comes.",
                failure.drawing().sentence());
    }

    @Test
    void aLifeThatIsGivenWithTheFirstWrite() {
        clean(counted(true), result -> assertTrue(redis.expires("hits"), "counts for ever"));
    }

    /** How many callers found, before they gave it back, that the lock was not theirs. */
    private static int lost(Result result, String... callers) {
        int lost = 0;
        for (String caller : callers) {
            lost += "lost".equals(result.answer(caller)) ? 1 : 0;
        }
        return lost;
    }

    private static Consumer<Setup> locked(boolean token) {
        return setup -> {
            SteppedStore redis = setup.store("redis");
            for (String name : List.of("A", "B")) {
                setup.caller(name, () -> {
                    if (!redis.setIfAbsent("lock", name, MINUTE)) {
                        return "busy";
                    }
                    boolean mine = name.equals(redis.get("lock"));
                    if (token) {
                        redis.deleteIf("lock", name);
                    } else {
                        redis.delete("lock");
                    }
                    return mine ? "done" : "lost";
                });
            }
            setup.mayExpire(redis, "lock");
        };
    }

    @Test
    void aLockThatIsGivenBackWithoutAToken() {
        Check onlyWhoseLeaseEnded =
                result -> assertTrue(lost(result, "A", "B") <= 1, "one lease ended, and two callers lost the lock");
        Counterexample failure = found(locked(false), onlyWhoseLeaseEnded);
        assertEquals(1, failure.drawing().faults());
        clean(locked(true), onlyWhoseLeaseEnded);
    }

    private static Consumer<Setup> changed(boolean claim) {
        return setup -> {
            SteppedStore cache = setup.store("cache");
            SteppedTable table = setup.uniqueTable("table");
            table.insert("ann", "old");
            setup.caller("reader", () -> {
                if (cache.get("ann") != null) {
                    return "hit";
                }
                if (claim && !cache.setIfAbsent("ann", "claim of reader", MINUTE)) {
                    return "hit";
                }
                String row = table.find("ann");
                if (claim) {
                    cache.replaceIf("ann", "claim of reader", row);
                } else {
                    cache.set("ann", row);
                }
                return row;
            });
            setup.caller("writer", () -> {
                table.update("ann", "new");
                cache.delete("ann");
                return null;
            });
            KnownRacesTest.redis = cache;
        };
    }

    @Test
    void updateThenDeleteAgainstASlowReader() {
        Check notOld = result -> assertTrue(!"old".equals(redis.get("ann")), "the cache keeps what was changed");
        Counterexample failure = found(changed(false), notOld);
        assertEquals(
                "writer acted between reader's check and reader's act: reader acts on what is no longer so.",
                failure.drawing().sentence());
        clean(changed(true), notOld);
    }

    /** One's own store behind its own interface. */
    private interface Cache {
        String get(String key);

        void set(String key, String value);
    }

    private static final class MapCache implements Cache {
        private final java.util.Map<String, String> map = new java.util.HashMap<>();

        @Override
        public String get(String key) {
            return map.get(key);
        }

        @Override
        public void set(String key, String value) {
            map.put(key, value);
        }
    }

    @Test
    void anyObjectBehindAnInterfaceCanBeStepped() {
        Counterexample failure = found(
                setup -> {
                    Cache cache = setup.stepped(Cache.class, new MapCache(), "cache", "get");
                    for (String name : List.of("A", "B")) {
                        setup.caller(name, () -> {
                            String existing = cache.get("ann");
                            if (existing == null) {
                                cache.set("ann", name);
                                return name;
                            }
                            return existing;
                        });
                    }
                },
                ALIKE);
        assertEquals(4, failure.drawing().steps());
        assertTrue(failure.drawing().text().contains("cache.get ann"), failure.drawing()::text);
    }

    @Test
    void theSameReplayStringGivesTheSameDrawing() {
        Consumer<Setup> scenario = twoCallers(KnownRacesTest::theSixLines, false);
        Counterexample failure = found(scenario, ALIKE);
        for (int i = 0; i < 3; i++) {
            Report again = Interleavings.of(scenario).replay(failure.replay(), ALIKE);
            assertEquals(1, again.interleavings());
            Counterexample same = again.failure().orElseThrow();
            assertEquals(failure.drawing().text(), same.drawing().text());
            assertEquals(failure.drawing().svg(), same.drawing().svg());
            assertEquals(failure.replay(), same.replay());
        }
    }
}
