package dev.getorcreate.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A part refuses what it cannot do before it starts anything. */
class OptionsTest {

    /** What reads its options. */
    private interface Part {
        void given(String[] args) throws Exception;
    }

    private static final Map<String, Part> PARTS = Map.of(
            "Broadcast", Broadcast::main,
            "Creation", Creation::main,
            "Growth", GrowthOptions::of,
            "Heap", Heap::main,
            "LocalHit", LocalHitRounds::main,
            "Mixed", MixedOptions::of,
            "SharedHit", SharedHitOptions::of,
            "Stampede", StampedeOptions::of);

    @TestFactory
    Stream<DynamicTest> whatThereMustBeOneOf() {
        return Stream.of(
                        "Broadcast --rounds",
                        "Broadcast --keys",
                        "Creation --races",
                        "Growth --processes",
                        "Growth --threads",
                        "Growth --rounds",
                        "Heap --entries",
                        "Heap --rounds",
                        "LocalHit --rounds",
                        "LocalHit --millis",
                        "LocalHit --threads",
                        "Mixed --processes",
                        "Mixed --threads",
                        "Mixed --keys",
                        "Mixed --rounds",
                        "Mixed --seconds",
                        "Mixed --time-to-live",
                        "SharedHit --sizes",
                        "SharedHit --threads",
                        "SharedHit --rounds",
                        "SharedHit --millis",
                        "Stampede --processes",
                        "Stampede --threads",
                        "Stampede --rounds",
                        "Stampede --keys",
                        "Stampede --warm-up")
                .map(option -> refused(option, "0", "must be at least 1, not 0"));
    }

    @TestFactory
    Stream<DynamicTest> whatThereMayBeNoneOf() {
        return Stream.of("Mixed --minutes", "SharedHit --rest", "Stampede --creator")
                .map(option -> refused(option, "-1", "must be at least 0, not -1"));
    }

    @TestFactory
    Stream<DynamicTest> whatStandsInAListTwice() {
        return Stream.of(
                refused("Growth --threads", "16,16", "names 16 twice"),
                refused("Growth --contenders", "ours,ours", "names ours twice"),
                refused("LocalHit --threads", "1,1", "names 1 twice"),
                refused("SharedHit --sizes", "100,100", "names 100 twice"),
                refused("Stampede --creator", "20,20", "names 20 twice"),
                refused("Stampede --contenders", "ours,ours", "names ours twice"));
    }

    /** Without a local tier of its own the lock is no rival where nearly all calls are hits. */
    @Test
    void mixedTrafficHasTheLockAtItsBest() {
        List<String> contenders = MixedOptions.of(new String[0]).contenders();
        assertTrue(contenders.contains("redissonLockBehindCaffeine"), contenders::toString);
        assertTrue(Contender.NAMES.containsAll(contenders), contenders::toString);
    }

    private static DynamicTest refused(String option, String value, String why) {
        String[] parts = option.split(" ", -1);
        Part part = PARTS.get(parts[0]);
        return DynamicTest.dynamicTest(option + " " + value, () -> {
            var refusal = assertThrows(
                    IllegalArgumentException.class,
                    () -> assertTimeoutPreemptively(
                            Duration.ofSeconds(10), () -> part.given(new String[] {parts[1], value})));
            assertEquals(parts[1] + " " + why, refusal.getMessage());
        });
    }
}
