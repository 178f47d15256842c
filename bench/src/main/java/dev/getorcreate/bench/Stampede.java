package dev.getorcreate.bench;

import dev.getorcreate.testkit.RedisServer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Several processes ask for keys that nobody has, all at the same moment: how long beyond the creator's own time the
 * answers take, how many creators run, and what it costs Redis and the processes. Contenders take turns in rounds, so
 * that what else the machine does hits them alike.
 */
final class Stampede {

    private static final long REST = TimeUnit.SECONDS.toNanos(2);
    /** Keys before those that count, in each round: a process that was stopped takes as many to find its pace again. */
    private static final int SETTLE = 20;
    /** Keys after those that count, to see what scripts run. */
    private static final int MONITORED = 5;

    /** Of a turn, those that do not count. */
    static final int OTHER_KEYS = SETTLE + MONITORED;
    /** Of a turn, what is not from one key to the next. */
    static final long TURN_BESIDES_KEYS = REST + 3 * StampedeTeam.LEAD;

    private final StampedeOptions options;
    private final Consumer<List<StampedeTurn>> afterEachRound;
    private final List<StampedeTurn> turns = new ArrayList<>();

    /**
     * One that runs once.
     *
     * @param afterEachRound is given the turns until then
     */
    Stampede(StampedeOptions options, Consumer<List<StampedeTurn>> afterEachRound) {
        this.options = options;
        this.afterEachRound = afterEachRound;
    }

    /** See {@link StampedeOptions}; {@code --quick}: fewer keys and rounds. */
    public static void main(String[] args) {
        Quiet.logs();
        StampedeOptions options = StampedeOptions.of(args);
        String before = Machine.load();
        System.out.printf(
                "About %d minutes, and longer with contenders whose keys must be put off.%n",
                options.about().plusSeconds(59).toMinutes());
        Stampede stampede = new Stampede(
                options, turns -> Results.soFar("Stampede", raw(options, before, new LinkedHashMap<>(), turns)));
        Unfinished.measure(stampede::run, () -> {
            var unused = tables(options, before, stampede.turns);
        });
        Map<String, Object> results = tables(options, before, stampede.turns);
        Results.write("Stampede", raw(options, before, results, stampede.turns));
        Results.print(results);
    }

    /** Prints and draws them; gives the RESULT of each creator that has a complete round. */
    private static Map<String, Object> tables(StampedeOptions options, String before, List<StampedeTurn> turns) {
        System.out.printf(
                "%nAt the start: %s. At the end: %s. %s%n",
                before, Machine.load(), MachineShare.text(turns.stream().map(StampedeTurn::machine)));
        Map<String, Object> results = new LinkedHashMap<>();
        for (int creator : options.creatorMillis()) {
            if (turns.stream().anyMatch(turn -> turn.creatorMillis() == creator)) {
                StampedeReport report = new StampedeReport(options, creator, turns);
                report.print();
                report.draw();
                results.put("creator" + creator, report.result());
            }
        }
        return results;
    }

    private static Map<String, Object> raw(
            StampedeOptions options, String before, Map<String, Object> results, List<StampedeTurn> turns) {
        Map<String, Object> raw = new LinkedHashMap<>();
        raw.put("machineAtTheStart", before);
        raw.put("processes", options.processes());
        raw.put("threads", options.threads());
        raw.put("result", results);
        raw.put("turns", turns.stream().map(StampedeTurn::raw).toList());
        return raw;
    }

    /** What each contender did in each round that is complete. */
    List<StampedeTurn> turns() {
        return turns;
    }

    void run() {
        List<StampedeTeam> teams = new ArrayList<>();
        try {
            for (String contender : options.contenders()) {
                System.out.printf(
                        "warm-up, round %d of %d: %s%n",
                        teams.size() + 1, options.contenders().size(), contender);
                StampedeTeam team = new StampedeTeam(contender, options);
                teams.add(team);
                team.warmUp();
                team.team.rest();
            }
            for (int creator : options.creatorMillis()) {
                for (int round = 0; round < options.rounds(); round++) {
                    round(inTurn(teams, round), creator, round);
                }
            }
            teams.forEach(team -> team.team.rise());
            teams.forEach(team -> team.team.end());
        } finally {
            teams.forEach(StampedeTeam::close);
        }
    }

    /** Nobody is always first. */
    private static List<StampedeTeam> inTurn(List<StampedeTeam> teams, int round) {
        List<StampedeTeam> turn = new ArrayList<>(teams);
        Collections.rotate(turn, -round);
        return turn;
    }

    private void round(List<StampedeTeam> inTurn, int creator, int round) {
        List<StampedeTurn> complete = new ArrayList<>();
        for (StampedeTeam each : inTurn) {
            System.out.printf(
                    "creator %d ms, round %d of %d: %s%n", creator, round + 1, options.rounds(), each.team.contender);
            each.team.rise();
            complete.add(turn(each, creator, round));
            each.team.rest();
        }
        turns.addAll(complete);
        afterEachRound.accept(turns);
    }

    private StampedeTurn turn(StampedeTeam team, int creator, int round) {
        RedisServer redis = team.team.redis;
        String prefix = "c" + creator + "r" + round;
        team.prepare(prefix + "settle", SETTLE);
        team.prepare(prefix, options.keys());
        team.prepare(prefix + "monitored", MONITORED);
        var unused = team.ask(prefix + "settle", SETTLE, creator);
        long from = System.nanoTime();
        CommandCounts before = CommandCounts.of(redis);
        long redisBefore = Info.cpuNanos(redis);
        MachineTimes machineBefore = MachineTimes.now();
        List<StampedePart> parts = team.ask(prefix, options.keys(), creator);
        MachineShare machine = MachineTimes.now().since(machineBefore);
        long redisNanos = Info.cpuNanos(redis) - redisBefore;
        CommandCounts commands = CommandCounts.of(redis).since(before);
        long nanos = System.nanoTime() - from;
        StampedeMonitor.Heard heard = StampedeMonitor.listen(redis, () -> {
            var ignored = team.ask(prefix + "monitored", MONITORED, creator);
        });
        // Last, since a process that was stopped has to catch up with the clock.
        StampedeRest rest = team.rest(REST);
        return new StampedeTurn(
                team.team.contender,
                creator,
                round,
                parts,
                commands,
                nanos,
                redisNanos,
                rest,
                heard.sentPart(),
                (double) heard.aside() / MONITORED,
                machine);
    }
}
