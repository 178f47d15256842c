package dev.getorcreate.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * What the threads of this process have had of the processors, and waited for, by the kernel's own account
 * ({@code /proc/self/task/*}{@code /schedstat}), in nanoseconds. The thread that reads is left out: with some hundred others
 * the reading is most of what it does. Elsewhere than on Linux only the process's own clock is known.
 *
 * @param ownNanos processor time of the thread that reads
 * @param processNanos of the process, those included that have ended, by a clock that is wrong by up to
 *     {@link #CLOCK_ERROR} from one reading to another
 */
record ThreadTimes(Map<String, Times> byThread, long ownNanos, long processNanos) {

    /** A tick of 10 ms for the time of the user, and one for that of the system. */
    static final long CLOCK_ERROR = TimeUnit.MILLISECONDS.toNanos(20);

    /** Of threads that have ended, as far as it is certain. */
    private static final String UNSEEN = "unseen";

    static final String COMPILERS = "compilers";

    private static final Path THREADS = Path.of("/proc/self/task");
    private static final Path OWN = Path.of("/proc/thread-self");
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    /**
     * Of one thread, or a kind of thread.
     *
     * @param waitNanos runnable, while others ran
     * @param turns how often it was given a processor
     */
    record Times(long cpuNanos, long waitNanos, long turns) {

        static final Times NONE = new Times(0, 0, 0);

        Times plus(Times other) {
            return new Times(cpuNanos + other.cpuNanos, waitNanos + other.waitNanos, turns + other.turns);
        }

        Times less(Times other) {
            return new Times(cpuNanos - other.cpuNanos, waitNanos - other.waitNanos, turns - other.turns);
        }
    }

    /** Of the threads that live now. */
    static ThreadTimes now() {
        Map<String, Times> times = new HashMap<>();
        if (Files.isDirectory(THREADS)) {
            try (DirectoryStream<Path> threads = Files.newDirectoryStream(THREADS)) {
                Path own = Files.readSymbolicLink(OWN).getFileName();
                for (Path thread : threads) {
                    if (!thread.getFileName().equals(own)) {
                        add(times, thread);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return new ThreadTimes(
                times, ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime(), SYSTEM.getProcessCpuTime());
    }

    private static void add(Map<String, Times> times, Path thread) {
        try {
            String[] parts =
                    Files.readString(thread.resolve("schedstat")).trim().split(" ", -1);
            String name = Files.readString(thread.resolve("comm")).trim();
            times.put(
                    thread.getFileName() + " " + name,
                    new Times(Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2])));
        } catch (IOException e) {
            // It has just ended.
        }
    }

    /**
     * By kind of thread.
     *
     * @param before as the same thread read it
     */
    Map<String, Times> since(ThreadTimes before) {
        Map<String, Times> kinds = new TreeMap<>();
        byThread.forEach((thread, times) -> kinds.merge(
                kind(thread.substring(thread.indexOf(' ') + 1)),
                times.less(before.byThread.getOrDefault(thread, Times.NONE)),
                Times::plus));
        long others = processNanos - before.processNanos - (ownNanos - before.ownNanos);
        long unseen = others - CLOCK_ERROR - sum(kinds).cpuNanos();
        if (unseen > 0) {
            kinds.put(UNSEEN, new Times(unseen, 0, 0));
        }
        return kinds;
    }

    static Times sum(Map<String, Times> kinds) {
        return kinds.values().stream().reduce(Times.NONE, Times::plus);
    }

    private static String kind(String name) {
        if (name.startsWith("pool-")) {
            return "callers";
        }
        if (name.contains("netty") || name.contains("lettuce")) {
            return "netty";
        }
        return name.matches("C[12] Comp.*") ? COMPILERS : "others";
    }

    /** On one line, without blanks. */
    static String line(Map<String, Times> kinds) {
        StringBuilder line = new StringBuilder();
        kinds.forEach((kind, times) -> line.append(line.isEmpty() ? "" : ";")
                .append(kind + "," + times.cpuNanos + "," + times.waitNanos + "," + times.turns));
        return line.isEmpty() ? "-" : line.toString();
    }

    /** Adds what a {@link #line} says. */
    static void add(Map<String, Times> kinds, String line) {
        if (line.equals("-")) {
            return;
        }
        for (String each : line.split(";", -1)) {
            String[] parts = each.split(",", -1);
            kinds.merge(
                    parts[0],
                    new Times(Long.parseLong(parts[1]), Long.parseLong(parts[2]), Long.parseLong(parts[3])),
                    Times::plus);
        }
    }
}
