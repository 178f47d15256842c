package dev.getorcreate.bench;

import dev.getorcreate.testkit.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Several processes ask for keys that nobody has, all at the same moment: how long beyond the creator's own time the
 * answers take, how many creators run, and what it costs Redis and the processes. Contenders take turns in rounds, so
 * that what else the machine does hits them alike.
 */
final class Stampede {

    private static final long IDLE = TimeUnit.SECONDS.toNanos(2);
    /** Keys before those that count, in each round: a process that was stopped takes as many to find its pace again. */
    private static final int SETTLE = 20;

    private static final long WARM_GAP = TimeUnit.MILLISECONDS.toNanos(3);
    private static final long ALONE_GAP = TimeUnit.MICROSECONDS.toNanos(500);
    private static final Duration LONG = Duration.ofMinutes(5);

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
        List<Team> teams = new ArrayList<>();
        try {
            for (String contender : options.contenders()) {
                System.out.printf("creator %d ms: %s warms up%n", creator, contender);
                sums.put(contender, new StampedeSum());
                Team team = new Team(contender, options.processes(), StampedeProcess.class);
                teams.add(team);
                warmUp(team);
                team.rest();
            }
            for (int round = 0; round < options.rounds(); round++) {
                for (Team team : inTurn(teams, round)) {
                    System.out.printf(
                            "creator %d ms, round %d of %d: %s%n",
                            creator, round + 1, options.rounds(), team.contender);
                    round(team, "r" + round, Objects.requireNonNull(sums.get(team.contender)));
                }
            }
            teams.forEach(Team::rise);
            teams.forEach(Team::end);
        } finally {
            teams.forEach(Team::close);
        }
        return sums;
    }

    /** Nobody is always first. */
    private static List<Team> inTurn(List<Team> teams, int round) {
        List<Team> turn = new ArrayList<>(teams);
        Collections.rotate(turn, -round);
        return turn;
    }

    private void round(Team team, String prefix, StampedeSum sum) {
        team.rise();
        idle(team.redis, sum);
        var unused = ask(team, prefix + "settle", SETTLE, creator, options.gapNanos(creator), LONG);
        long from = System.nanoTime();
        CommandCounts before = CommandCounts.of(team.redis);
        long redis = Info.cpuNanos(team.redis);
        sum.beginRound();
        play(team, prefix, sum);
        sum.redisNanos += Info.cpuNanos(team.redis) - redis;
        sum.commands = sum.commands.plus(CommandCounts.of(team.redis).since(before));
        sum.nanos += System.nanoTime() - from;
        sum.keys += options.keys();
        team.rest();
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

    /**
     * At a quicker pace: each process by itself, where many keys are created in a short time and the compilers get through;
     * then together, with a creator that takes no time, and with the one that is measured.
     */
    private void warmUp(Team team) {
        warmUp(
                team,
                StampedeProcess.ALONE,
                0,
                ALONE_GAP,
                Duration.ofSeconds(options.warmUp()).dividedBy(2));
        warmUp(team, "warm", 0, WARM_GAP, Duration.ofSeconds(options.warmUp()));
        long gap = WARM_GAP + TimeUnit.MILLISECONDS.toNanos(creator);
        warmUp(
                team,
                "warmer",
                creator,
                gap,
                Duration.ofSeconds(options.warmUp()).dividedBy(2));
    }

    private void warmUp(Team team, String prefix, int creatorMillis, long gapNanos, Duration time) {
        var unused = ask(team, prefix, (int) (time.toNanos() / gapNanos), creatorMillis, gapNanos, time);
    }

    private void play(Team team, String prefix, StampedeSum sum) {
        List<StampedeTurn> turns = ask(team, prefix, options.keys(), creator, options.gapNanos(creator), LONG).stream()
                .map(StampedeTurn::of)
                .toList();
        turns.forEach(turn -> sum.add(turn, TimeUnit.MILLISECONDS.toNanos(creator)));
        sum.stages.add(turns, TimeUnit.MILLISECONDS.toNanos(creator));
    }

    /** All threads of all processes ask for one key after the other. */
    private List<String> ask(Team team, String prefix, int keys, int creatorMillis, long gapNanos, Duration atMost) {
        long start = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(500);
        long end = start + atMost.toNanos();
        return team.order(
                String.join(
                        " ",
                        prefix,
                        "" + keys,
                        "" + options.threads(),
                        "" + creatorMillis,
                        "" + start,
                        "" + gapNanos,
                        "" + end),
                atMost.plusMinutes(1));
    }
}
