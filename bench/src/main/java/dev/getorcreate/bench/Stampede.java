package dev.getorcreate.bench;

import dev.getorcreate.testkit.ChildJvm;
import dev.getorcreate.testkit.RedisServer;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Several processes ask for keys that nobody has, all at the same moment: how long beyond the creator's own time the
 * answers take, how many creators run, and what it costs Redis and the processes. Contenders take turns in rounds, so
 * that what else the machine does hits them alike.
 */
final class Stampede {

    private static final List<String> CONTENDERS = List.of("ours", "redissonLock", "naive");
    private static final Pattern CALLS = Pattern.compile("cmdstat_(\\S+):calls=(\\d+)");
    private static final int PROCESSES = 4;
    private static final int THREADS = 16;
    private static final int CREATOR_MILLIS = 20;
    private static final long GAP = TimeUnit.MILLISECONDS.toNanos(150);

    /** What one contender did, over all rounds. */
    private static final class Sum {
        final List<Long> beyond = new ArrayList<>();
        int keys;
        int creatorRuns;
        long commands;
        long cpuNanos;

        double beyondMillis(double quantile) {
            List<Long> sorted = beyond.stream().sorted().toList();
            int at = (int) Math.min(sorted.size() - 1L, Math.round(quantile * (sorted.size() - 1)));
            return sorted.get(at) / 1e6;
        }
    }

    private Stampede() {}

    /** {@code --quick}: fewer keys. */
    public static void main(String[] args) {
        boolean quick = List.of(args).contains("--quick");
        int rounds = quick ? 2 : 4;
        int keys = quick ? 15 : 50;
        Map<String, Sum> sums = new TreeMap<>();
        try (RedisServer redis = RedisServer.startOwn()) {
            for (String contender : CONTENDERS) {
                sums.put(contender, new Sum());
            }
            for (int round = 0; round < rounds; round++) {
                for (String contender : CONTENDERS) {
                    System.out.println("round " + (round + 1) + " of " + rounds + ": " + contender);
                    round(redis, contender, "r" + round + contender, keys, Objects.requireNonNull(sums.get(contender)));
                }
            }
        }
        report(sums);
    }

    private static void round(RedisServer redis, String contender, String prefix, int keys, Sum sum) {
        List<ChildJvm> processes = new ArrayList<>();
        try {
            for (int i = 0; i < PROCESSES; i++) {
                processes.add(ChildJvm.start(
                        contender + i, List.of("-XX:+UseSerialGC"), StampedeProcess.class, contender, redis.uri()));
            }
            processes.forEach(process -> process.expect("ready", Duration.ofMinutes(1)));
            play(processes, prefix + "warm", 20, null);
            long before = commands(redis);
            play(processes, prefix, keys, sum);
            sum.commands += commands(redis) - before;
            sum.keys += keys;
            processes.forEach(process -> process.send("end"));
        } finally {
            processes.forEach(ChildJvm::close);
        }
    }

    private static void play(List<ChildJvm> processes, String prefix, int keys, @Nullable Sum sum) {
        long start = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(500);
        String order = prefix + " " + keys + " " + THREADS + " " + CREATOR_MILLIS + " " + start + " " + GAP;
        processes.forEach(process -> process.send(order));
        for (ChildJvm process : processes) {
            String[] answer = process.expect("round .*", Duration.ofMinutes(5)).split(" ", 4);
            if (sum != null) {
                sum.creatorRuns += Integer.parseInt(answer[1]);
                sum.cpuNanos += Long.parseLong(answer[2]);
                for (String nanos : answer[3].split(",", -1)) {
                    sum.beyond.add(Long.parseLong(nanos) - TimeUnit.MILLISECONDS.toNanos(CREATOR_MILLIS));
                }
            }
        }
    }

    /** All calls, those within scripts included; the asking itself is left out. */
    private static long commands(RedisServer redis) {
        Matcher calls = CALLS.matcher(String.valueOf(redis.command("INFO", "commandstats")));
        long sum = 0;
        while (calls.find()) {
            sum += calls.group(1).equals("info") ? 0 : Long.parseLong(calls.group(2));
        }
        return sum;
    }

    private static void report(Map<String, Sum> sums) {
        System.out.printf(
                Locale.ROOT,
                "%n%d processes x %d threads, creator %d ms, load average of the machine at the end %.1f%n%n",
                PROCESSES,
                THREADS,
                CREATOR_MILLIS,
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        System.out.println(
                "| contender | keys | creator runs | beyond the creator p50 ms | p99 ms | commands/key | CPU ms/key |");
        System.out.println("|---|---|---|---|---|---|---|");
        for (String contender : CONTENDERS) {
            Sum sum = Objects.requireNonNull(sums.get(contender));
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %d | %d | %.2f | %.2f | %.1f | %.2f |%n",
                    contender,
                    sum.keys,
                    sum.creatorRuns,
                    sum.beyondMillis(0.5),
                    sum.beyondMillis(0.99),
                    (double) sum.commands / sum.keys,
                    sum.cpuNanos / 1e6 / sum.keys);
        }
        Sum ours = Objects.requireNonNull(sums.get("ours"));
        Sum theirs = Objects.requireNonNull(sums.get("redissonLock"));
        System.out.printf(
                Locale.ROOT,
                "RESULT {\"stampedeVsRedissonP50\": %.1f, \"stampedeVsRedissonP99\": %.1f, \"commandsPerKey\": %.1f,"
                        + " \"creatorRunsPerKey\": %.3f, \"cpuVsRedisson\": %.2f}%n",
                theirs.beyondMillis(0.5) / ours.beyondMillis(0.5),
                theirs.beyondMillis(0.99) / ours.beyondMillis(0.99),
                (double) ours.commands / ours.keys,
                (double) ours.creatorRuns / ours.keys,
                (double) ours.cpuNanos / theirs.cpuNanos);
    }
}
