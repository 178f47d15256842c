package dev.getorcreate.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.bench.ThreadTimes.Times;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class ThreadTimesTest {

    private static final long TENTH = TimeUnit.MILLISECONDS.toNanos(100);

    /** Processor time, so it lasts as long as it lasts. */
    private static void burn(long nanos) {
        var threads = ManagementFactory.getThreadMXBean();
        long end = threads.getCurrentThreadCpuTime() + nanos;
        while (threads.getCurrentThreadCpuTime() < end) {
            Thread.onSpinWait();
        }
    }

    private static void inAThread(Runnable work) throws InterruptedException {
        Thread thread = new Thread(work, "pool-1-thread-1");
        thread.start();
        thread.join();
    }

    private static ThreadTimes times(long process, long own, Map<String, Times> byThread) {
        return new ThreadTimes(byThread, own, process);
    }

    @Test
    void whatAThreadUsedThatEndedIsNotLost() throws InterruptedException {
        ThreadTimes before = ThreadTimes.now();
        inAThread(() -> burn(TENTH));
        long used = ThreadTimes.sum(ThreadTimes.now().since(before)).cpuNanos();
        assertTrue(used >= TENTH - 2 * ThreadTimes.CLOCK_ERROR, () -> used + " ns");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void whoReadsIsLeftOut() throws Exception {
        Path own = Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName();
        Map<String, Times> seen = ThreadTimes.now().byThread();
        assertTrue(seen.size() > 1, seen::toString);
        assertFalse(seen.keySet().stream().anyMatch(each -> each.startsWith(own + " ")), seen::toString);
    }

    @Test
    void kindsAreSummed() {
        Map<String, Times> before = Map.of("11 pool-1-thread-1", new Times(100, 10, 1));
        Map<String, Times> after = Map.of(
                "11 pool-1-thread-1",
                new Times(150, 30, 4),
                "12 pool-1-thread-2",
                new Times(7, 5, 2),
                "13 lettuce-nioEven",
                new Times(9, 0, 3),
                "14 C2 CompilerThre",
                new Times(8, 0, 1));
        assertEquals(
                Map.of("callers", new Times(57, 25, 5), "netty", new Times(9, 0, 3), "compilers", new Times(8, 0, 1)),
                times(74, 0, after).since(times(0, 0, before)));
    }

    /** The process's own clock ticks: so little more than what is seen may be nothing. */
    @Test
    void whatIsNotSeenIsToldOnlyAsFarAsItIsSure() {
        Map<String, Times> none = Map.of();
        Map<String, Times> seen = Map.of("11 pool-1-thread-1", new Times(1000, 0, 1));
        long error = ThreadTimes.CLOCK_ERROR;
        ThreadTimes before = times(50, 20, none);
        assertEquals(
                Map.of("callers", new Times(1000, 0, 1)),
                times(50 + 1000 + 300 + error, 20 + 300, seen).since(before),
                "300 by who reads");
        assertEquals(
                Map.of("callers", new Times(1000, 0, 1), "unseen", new Times(5, 0, 0)),
                times(50 + 1000 + 300 + error + 5, 20 + 300, seen).since(before));
    }

    @Test
    void aLineSaysItAll() {
        Map<String, Times> kinds = new TreeMap<>(Map.of("callers", new Times(1, 2, 3), "netty", new Times(4, 5, 6)));
        Map<String, Times> read = new TreeMap<>();
        ThreadTimes.add(read, ThreadTimes.line(kinds));
        ThreadTimes.add(read, ThreadTimes.line(kinds));
        ThreadTimes.add(read, ThreadTimes.line(Map.of()));
        assertEquals(Map.of("callers", new Times(2, 4, 6), "netty", new Times(8, 10, 12)), read);
    }
}
