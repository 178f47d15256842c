package dev.getorcreate.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What one contender did, over all rounds. */
final class StampedeSum {

    private static final String PING = "ping";
    /** Sent by the clock, whatever is asked: a PING and what a server is asked before it. */
    private static final Set<String> PINGING = Set.of(PING, "info");

    /** One list a round. */
    private final List<List<Long>> beyond = new ArrayList<>();

    int keys;
    int creatorRuns;
    CommandCounts commands = new CommandCounts(Map.of());
    long nanos;
    /** While nothing was asked. */
    CommandCounts idle = new CommandCounts(Map.of());

    long idleNanos;
    long cpuNanos;
    /** Processor time of the server. */
    long redisNanos;
    /** Of all processes, by kind of thread. */
    final Map<String, ThreadTimes.Times> byKind = new TreeMap<>();

    final StampedeStages stages = new StampedeStages();

    void beginRound() {
        beyond.add(new ArrayList<>());
    }

    void add(StampedeTurn turn, long creatorNanos) {
        creatorRuns += turn.creatorRuns();
        cpuNanos += turn.cpuNanos();
        turn.byKind().forEach((kind, times) -> byKind.merge(kind, times, ThreadTimes.Times::plus));
        for (long nanos : turn.answered()) {
            beyond.get(beyond.size() - 1).add(nanos - creatorNanos);
        }
    }

    int rounds() {
        return beyond.size();
    }

    /** Of all rounds together. */
    double beyondMillis(double quantile) {
        return millis(beyond.stream().flatMap(List::stream).toList(), quantile);
    }

    double beyondMillis(int round, double quantile) {
        return millis(beyond.get(round), quantile);
    }

    private static double millis(List<Long> nanos, double quantile) {
        List<Long> sorted = nanos.stream().sorted().toList();
        int at = (int) Math.min(sorted.size() - 1L, Math.round(quantile * (sorted.size() - 1)));
        return sorted.get(at) / 1e6;
    }

    double creatorRunsPerKey() {
        return (double) creatorRuns / keys;
    }

    double cpuMillisPerKey() {
        return cpuNanos / 1e6 / keys;
    }

    double redisMillisPerKey() {
        return redisNanos / 1e6 / keys;
    }

    double commandsPerKey() {
        return (double) withoutPings(commands).sum() / keys;
    }

    /** What of these is sent whatever is asked. */
    double timeDrivenPerKey() {
        return withoutPings(idle).sum() * (double) nanos / idleNanos / keys;
    }

    static CommandCounts withoutPings(CommandCounts counts) {
        return counts.only(command -> !PINGING.contains(command));
    }

    double pingsPerSecond() {
        return commands.count(PING) / (nanos / 1e9);
    }

    double idlePerSecond() {
        return idle.sum() / (idleNanos / 1e9);
    }
}
