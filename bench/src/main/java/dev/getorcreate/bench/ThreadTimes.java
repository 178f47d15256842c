package dev.getorcreate.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the threads of this process have had of the processors, and waited for, by the kernel's own account
 * ({@code /proc/self/task/*}{@code /schedstat}). Elsewhere than on Linux nothing is known.
 */
record ThreadTimes(Map<String, Times> byThread) {

    private static final Path THREADS = Path.of("/proc/self/task");

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
                for (Path thread : threads) {
                    add(times, thread);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return new ThreadTimes(times);
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

    /** By kind of thread. */
    Map<String, Times> since(ThreadTimes before) {
        Map<String, Times> kinds = new TreeMap<>();
        byThread.forEach((thread, times) -> kinds.merge(
                kind(thread.substring(thread.indexOf(' ') + 1)),
                times.less(before.byThread.getOrDefault(thread, Times.NONE)),
                Times::plus));
        return kinds;
    }

    private static String kind(String name) {
        if (name.startsWith("pool-")) {
            return "callers";
        }
        if (name.contains("netty") || name.contains("lettuce")) {
            return "netty";
        }
        return name.matches("C[12] Comp.*") ? "compilers" : "others";
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
