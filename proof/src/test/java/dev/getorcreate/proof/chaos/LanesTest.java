package dev.getorcreate.proof.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LanesTest {

    @TempDir
    private Path folder;

    private Lanes lanes(int processes) throws IOException {
        return Lanes.in(
                folder,
                "lanes",
                new Job(0, 1, processes, 3, 24, 3, 30, true, true, "standalone", List.of(), Map.of(), "", folder));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 8, 9})
    void inEachRoundEveryLaneIsWalkedByAtLeastTwoProcesses(int processes) throws IOException {
        Lanes lanes = lanes(processes);
        for (long round = 0; round < 20; round++) {
            Map<Integer, Set<Integer>> walking = new TreeMap<>();
            for (int process = 0; process < processes; process++) {
                for (int thread = 0; thread < 3; thread++) {
                    walking.computeIfAbsent(lanes.of(process, thread, round), lane -> new TreeSet<>())
                            .add(process);
                }
            }
            assertEquals(lanes.count(), walking.size());
            assertTrue(walking.values().stream().allMatch(who -> who.size() >= 2), walking::toString);
        }
    }

    @Test
    void whoIsBehindGoesWhereTheOthersAreAndWhoIsThereOneFurther() throws IOException {
        Lanes first = lanes(2);
        Lanes second = lanes(2);
        assertEquals(1, first.after(0, 0));
        assertEquals(1, second.after(0, 0));
        assertEquals(2, second.after(0, 1));
        assertEquals(2, first.after(0, 1));
        assertEquals(3, first.after(0, 2));
        assertEquals(4, first.after(0, 3));
        assertEquals(4, second.after(0, 2));
        assertEquals(4, first.reached(0));
        assertEquals(0, first.reached(1));
    }
}
