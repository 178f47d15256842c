package dev.getorcreate.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class MachineTimesTest {

    private static final double EXACT = 1e-9;

    @Test
    void guestsAreNotCountedTwice() {
        assertEquals(
                new MachineTimes(100 + 5 + 30 + 1000 + 7 + 2 + 3 + 9, 1007, 9, 42),
                MachineTimes.of("cpu  100 5 30 1000 7 2 3 9 77 88", 42));
    }

    @Test
    void aProcessMayHaveAnyName() {
        assertEquals(
                11 + 12 + 13 + 14,
                MachineTimes.ofProcess("4711 (a) b (c) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 20 0 1 0 99\n"));
    }

    @Test
    void whatIsNeitherOwnNorIdleNorStolenIsOthers() {
        MachineTimes before = MachineTimes.of("cpu  100 5 30 1000 7 2 3 9 0 0", 80);
        MachineTimes after = MachineTimes.of("cpu  140 10 50 1020 17 3 7 19 0 0", 80 + 45);
        MachineShare share = after.since(before);
        double most = 110; // busy 70, idle 30, stolen 10
        assertEquals(45 / most, share.own(), EXACT);
        assertEquals(25 / most, share.others(), EXACT);
        assertEquals(10 / most, share.stolen(), EXACT);
    }

    /** Both are counted in ticks, and not at the same moment. */
    @Test
    void othersHaveNeverLessThanNothing() {
        MachineTimes before = MachineTimes.of("cpu  0 0 0 0 0 0 0 0 0 0", 0);
        MachineTimes after = MachineTimes.of("cpu  50 0 0 50 0 0 0 0 0 0", 52);
        assertEquals(0, after.since(before).others());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void whatThisProcessUsesIsItsOwn() {
        MachineTimes before = MachineTimes.now();
        var threads = ManagementFactory.getThreadMXBean();
        long end = threads.getCurrentThreadCpuTime() + TimeUnit.MILLISECONDS.toNanos(300);
        while (threads.getCurrentThreadCpuTime() < end) {
            Thread.onSpinWait();
        }
        MachineTimes after = MachineTimes.now();
        assertTrue(after.own() - before.own() >= 28, () -> before + " " + after);
        assertTrue(after.since(before).own() > 0, () -> before + " " + after);
    }

    /** A part whose contenders are processes that end with their turns would else call them others. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void whatAProcessUsedThatEndedIsStillItsParents() throws IOException, InterruptedException {
        MachineTimes before = MachineTimes.now();
        Process child = new ProcessBuilder(
                        "sh", "-c", "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; cat /proc/$$/stat")
                .start();
        String stat = new String(child.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertEquals(0, child.waitFor());
        long used = MachineTimes.ofProcess(stat);
        long own = MachineTimes.now().own() - before.own();
        assertTrue(used >= 5, stat);
        assertTrue(own >= used, () -> own + " of " + used);
    }

    @Test
    void aSentenceTellsOfAllTurns() {
        assertEquals(
                "Of the processors' time in the turns these processes had 50 % (40 % to 80 %), others 10 % (0 % to 20 %),"
                        + " and other machines stole 1 % (0 % to 3 %).",
                MachineShare.text(Stream.of(
                        new MachineShare(0.8, 0, 0.01),
                        new MachineShare(0.4, 0.2, 0.03),
                        MachineShare.UNKNOWN,
                        new MachineShare(0.5, 0.1, 0))));
        assertEquals(
                "What else the machine did meanwhile is not known.",
                MachineShare.text(Stream.of(MachineShare.UNKNOWN)));
    }
}
