package dev.getorcreate.bench;

import dev.getorcreate.testkit.ChildJvm;
import dev.getorcreate.testkit.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Several processes ask for keys that nobody has, all at the same moment: how long beyond the creator's own time the
 * answers take, how many creators run, and what it costs Redis and the processes. Contenders take turns in rounds, so
 * that what else the machine does hits them alike.
 */
final class Stampede {

    private static final List<String> CONTENDERS = List.of("ours", "redissonLock", "naive");
    private static final String PING = "ping";
    /** Sent by the clock, whatever is asked: a PING and what a server is asked before it. */
    private static final Set<String> PINGING = Set.of(PING, "info");

    private static final int PROCESSES = 4;
    private static final int THREADS = 16;
    private static final int CREATOR_MILLIS = 20;
    private static final long GAP = TimeUnit.MILLISECONDS.toNanos(150);
    private static final long IDLE = TimeUnit.SECONDS.toNanos(2);
    private static final CommandCounts NONE = new CommandCounts(Map.of());

    /** What one contender did, over all rounds. */
    private static final class Sum {
        final List<Long> beyond = new ArrayList<>();
        int keys;
        int creatorRuns;
        CommandCounts commands = NONE;
        long nanos;
        /** While nothing was asked. */
        CommandCounts idle = NONE;

        long idleNanos;
        long cpuNanos;

        double beyondMillis(double quantile) {
            List<Long> sorted = beyond.stream().sorted().toList();
            int at = (int) Math.min(sorted.size() - 1L, Math.round(quantile * (sorted.size() - 1)));
            return sorted.get(at) / 1e6;
        }

        double commandsPerKey() {
            return (double) withoutPings(commands).sum() / keys;
        }

        /** What of these is sent whatever is asked. */
        double timeDrivenPerKey() {
            return withoutPings(idle).sum() * (double) nanos / idleNanos / keys;
        }

        private static CommandCounts withoutPings(CommandCounts counts) {
            return counts.only(command -> !PINGING.contains(command));
        }

        double pingsPerSecond() {
            return commands.count(PING) / (nanos / 1e9);
        }

        double idlePerSecond() {
            return idle.sum() / (idleNanos / 1e9);
        }
    }

    private Stampede() {}

    /** {@code --quick}: fewer keys. */
    public static void main(String[] args) {
        Quiet.logs();
        boolean quick = List.of(args).contains("--quick");
        int rounds = quick ? 2 : 4;
        int keys = quick ? 15 : 50;
        // Fewer, and the compilers of all the processes, which share the processors with them, are what is measured.
        int warmUp = quick ? 50 : 200;
        Map<String, Sum> sums = new TreeMap<>();
        try (RedisServer redis = RedisServer.startOwn()) {
            for (String contender : CONTENDERS) {
                sums.put(contender, new Sum());
            }
            for (int round = 0; round < rounds; round++) {
                for (String contender : CONTENDERS) {
                    System.out.println("round " + (round + 1) + " of " + rounds + ": " + contender);
                    round(
                            redis,
                            contender,
                            "r" + round + contender,
                            warmUp,
                            keys,
                            Objects.requireNonNull(sums.get(contender)));
                }
            }
        }
        report(sums);
    }

    private static void round(RedisServer redis, String contender, String prefix, int warmUp, int keys, Sum sum) {
        List<ChildJvm> processes = new ArrayList<>();
        try {
            for (int i = 0; i < PROCESSES; i++) {
                processes.add(ChildJvm.start(
                        contender + i, List.of("-XX:+UseSerialGC"), StampedeProcess.class, contender, redis.uri()));
            }
            processes.forEach(process -> process.expect("ready", Duration.ofMinutes(1)));
            play(processes, prefix + "warm", warmUp, null);
            idle(redis, sum);
            long from = System.nanoTime();
            CommandCounts before = CommandCounts.of(redis);
            play(processes, prefix, keys, sum);
            sum.commands = sum.commands.plus(CommandCounts.of(redis).since(before));
            sum.nanos += System.nanoTime() - from;
            sum.keys += keys;
            processes.forEach(process -> process.send("end"));
        } finally {
            processes.forEach(ChildJvm::close);
        }
    }

    private static void idle(RedisServer redis, Sum sum) {
        long from = System.nanoTime();
        CommandCounts before = CommandCounts.of(redis);
        while (System.nanoTime() - from < IDLE) {
            LockSupport.parkNanos(IDLE - (System.nanoTime() - from));
        }
        sum.idle = sum.idle.plus(CommandCounts.of(redis).since(before));
        sum.idleNanos += System.nanoTime() - from;
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

    private static void report(Map<String, Sum> sums) {
        System.out.printf(
                "%n%d processes x %d threads, creator %d ms; at the end: %s.%n%n",
                PROCESSES, THREADS, CREATOR_MILLIS, Machine.load());
        System.out.println("| contender | keys | creator runs | beyond the creator p50 ms | p99 ms"
                + " | commands/key, no PING and INFO | of these by the clock | PINGs/s"
                + " | commands/s while nothing is asked | CPU ms/key |");
        System.out.println("|---|---|---|---|---|---|---|---|---|---|");
        for (String contender : CONTENDERS) {
            Sum sum = Objects.requireNonNull(sums.get(contender));
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %d | %d | %.2f | %.2f | %.1f | %.1f | %.1f | %.1f | %.2f |%n",
                    contender,
                    sum.keys,
                    sum.creatorRuns,
                    sum.beyondMillis(0.5),
                    sum.beyondMillis(0.99),
                    sum.commandsPerKey(),
                    sum.timeDrivenPerKey(),
                    sum.pingsPerSecond(),
                    sum.idlePerSecond(),
                    sum.cpuNanos / 1e6 / sum.keys);
        }
        reportCommands(sums);
        reportResult(sums);
    }

    /** Of all processes, for each key. */
    private static void reportCommands(Map<String, Sum> sums) {
        Set<String> commands = new TreeSet<>();
        sums.values().forEach(sum -> commands.addAll(sum.commands.calls().keySet()));
        commands.removeAll(PINGING);
        System.out.printf("%n| command, calls/key | %s |%n", String.join(" | ", CONTENDERS));
        System.out.println("|---|" + "---|".repeat(CONTENDERS.size()));
        for (String command : commands) {
            StringBuilder row = new StringBuilder("| " + command.replace("|", " ") + " |");
            for (String contender : CONTENDERS) {
                Sum sum = Objects.requireNonNull(sums.get(contender));
                row.append(String.format(Locale.ROOT, " %.2f |", (double) sum.commands.count(command) / sum.keys));
            }
            System.out.println(row);
        }
        System.out.println();
    }

    private static void reportResult(Map<String, Sum> sums) {
        Sum ours = Objects.requireNonNull(sums.get("ours"));
        Sum theirs = Objects.requireNonNull(sums.get("redissonLock"));
        System.out.printf(
                Locale.ROOT,
                "RESULT {\"stampedeVsRedissonP50\": %.1f, \"stampedeVsRedissonP99\": %.1f, \"commandsPerKey\": %.1f,"
                        + " \"timeDrivenPerKey\": %.1f,"
                        + " \"pingsPerSecond\": %.1f, \"idleCommandsPerSecond\": %.1f, \"creatorRunsPerKey\": %.3f,"
                        + " \"cpuVsRedisson\": %.2f}%n",
                theirs.beyondMillis(0.5) / ours.beyondMillis(0.5),
                theirs.beyondMillis(0.99) / ours.beyondMillis(0.99),
                ours.commandsPerKey(),
                ours.timeDrivenPerKey(),
                ours.pingsPerSecond(),
                ours.idlePerSecond(),
                (double) ours.creatorRuns / ours.keys,
                (double) ours.cpuNanos / theirs.cpuNanos);
    }
}
