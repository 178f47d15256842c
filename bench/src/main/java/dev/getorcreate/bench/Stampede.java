package dev.getorcreate.bench;

import dev.getorcreate.testkit.ChildJvm;
import dev.getorcreate.testkit.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Several processes ask for keys that nobody has, all at the same moment: how long beyond the creator's own time the
 * answers take, how many creators run, and what it costs Redis and the processes. Contenders take turns in rounds, so
 * that what else the machine does hits them alike.
 */
final class Stampede {

    private static final long IDLE = TimeUnit.SECONDS.toNanos(2);

    private final StampedeOptions options;
    private final int creator;

    Stampede(StampedeOptions options, int creator) {
        this.options = options;
        this.creator = creator;
    }

    /** See {@link StampedeOptions}; {@code --quick}: fewer keys and rounds. */
    public static void main(String[] args) {
        Quiet.logs();
        StampedeOptions options = StampedeOptions.of(args);
        Map<Integer, String> results = new LinkedHashMap<>();
        for (int creator : options.creatorMillis()) {
            Map<String, StampedeSum> sums = new Stampede(options, creator).run();
            StampedeReport report = new StampedeReport(options, creator, sums);
            report.print();
            if (sums.containsKey("ours")) {
                results.put(creator, report.result());
            }
        }
        StringBuilder result = new StringBuilder();
        results.forEach((creator, json) ->
                result.append(result.isEmpty() ? "" : ", ").append("\"creator" + creator + "\": " + json));
        System.out.println("RESULT {" + result + "}");
    }

    /** Of each contender what it did, over all rounds. */
    Map<String, StampedeSum> run() {
        Map<String, StampedeSum> sums = new LinkedHashMap<>();
        options.contenders().forEach(contender -> sums.put(contender, new StampedeSum()));
        try (RedisServer redis = RedisServer.startOwn()) {
            for (int round = 0; round < options.rounds(); round++) {
                for (String contender : options.contenders()) {
                    System.out.printf(
                            "creator %d ms, round %d of %d: %s%n", creator, round + 1, options.rounds(), contender);
                    round(redis, contender, "r" + round + contender, Objects.requireNonNull(sums.get(contender)));
                }
            }
        }
        return sums;
    }

    private void round(RedisServer redis, String contender, String prefix, StampedeSum sum) {
        List<ChildJvm> processes = new ArrayList<>();
        try {
            for (int i = 0; i < options.processes(); i++) {
                processes.add(ChildJvm.start(
                        contender + i, List.of("-XX:+UseSerialGC"), StampedeProcess.class, contender, redis.uri()));
            }
            processes.forEach(process -> process.expect("ready", Duration.ofMinutes(1)));
            play(processes, prefix + "warm", options.warmUp(), null);
            idle(redis, sum);
            long from = System.nanoTime();
            CommandCounts before = CommandCounts.of(redis);
            sum.beginRound();
            play(processes, prefix, options.keys(), sum);
            sum.commands = sum.commands.plus(CommandCounts.of(redis).since(before));
            sum.nanos += System.nanoTime() - from;
            sum.keys += options.keys();
            processes.forEach(process -> process.send("end"));
        } finally {
            processes.forEach(ChildJvm::close);
        }
    }

    private static void idle(RedisServer redis, StampedeSum sum) {
        long from = System.nanoTime();
        CommandCounts before = CommandCounts.of(redis);
        while (System.nanoTime() - from < IDLE) {
            LockSupport.parkNanos(IDLE - (System.nanoTime() - from));
        }
        sum.idle = sum.idle.plus(CommandCounts.of(redis).since(before));
        sum.idleNanos += System.nanoTime() - from;
    }

    /** Without a sum it is the warm-up: the same at a quicker pace, with a creator that takes no time. */
    private void play(List<ChildJvm> processes, String prefix, int keys, @Nullable StampedeSum sum) {
        long start = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(500);
        long gap = sum == null ? TimeUnit.MILLISECONDS.toNanos(60) : options.gapNanos(creator);
        int millis = sum == null ? 0 : creator;
        String order = prefix + " " + keys + " " + options.threads() + " " + millis + " " + start + " " + gap;
        processes.forEach(process -> process.send(order));
        for (ChildJvm process : processes) {
            String[] answer = process.expect("round .*", Duration.ofMinutes(5)).split(" ", 4);
            if (sum != null) {
                sum.creatorRuns += Integer.parseInt(answer[1]);
                sum.cpuNanos += Long.parseLong(answer[2]);
                for (String nanos : answer[3].split(",", -1)) {
                    sum.add(Long.parseLong(nanos) - TimeUnit.MILLISECONDS.toNanos(creator));
                }
            }
        }
    }
}
