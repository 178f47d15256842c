package dev.getorcreate.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/**
 * What one contender did in one round.
 *
 * @param parts one a process
 * @param nanos that it took
 * @param redisNanos processor time of the server
 * @param rest what is left out of the cost of a key, for as long as the keys took: between them, and before the first,
 *     everybody does by the clock what it does at rest, and longer where keys are further apart or are put off
 * @param sentPart of its commands, by clients and not by scripts
 * @param foundPerKey commands for what each process finds in Redis before a key, see {@link OursAfterHits}; left out too
 */
record StampedeTurn(
        String contender,
        int creatorMillis,
        int round,
        List<StampedePart> parts,
        CommandCounts commands,
        long nanos,
        long redisNanos,
        StampedeRest rest,
        double sentPart,
        double foundPerKey,
        MachineShare machine) {

    private static final String PING = "ping";
    /** Sent by the clock, whatever is asked: a PING and what a server is asked before it. */
    private static final Set<String> PINGING = Set.of(PING, "info");

    int keys() {
        return parts.stream().mapToInt(StampedePart::keys).max().orElseThrow();
    }

    /** Callers that got an error, or no answer. */
    long errors() {
        return sum(StampedePart::errors);
    }

    private long sum(ToLongFunction<StampedePart> figure) {
        return parts.stream().mapToLong(figure).sum();
    }

    double p50() {
        return beyond().median();
    }

    double p99() {
        return beyond().millis(0.99);
    }

    /** The creator. Who failed counts as having waited for as long as anybody does. */
    private Samples beyond() {
        Samples beyond = new Samples();
        for (StampedePart part : parts) {
            for (long answer : part.answered()) {
                beyond.add((answer == StampedePart.FAILED ? StampedeOrder.PATIENCE : answer) - creatorNanos());
            }
        }
        return beyond;
    }

    private long creatorNanos() {
        return TimeUnit.MILLISECONDS.toNanos(creatorMillis);
    }

    double creatorRunsPerKey() {
        return (double) sum(StampedePart::creatorRuns) / keys();
    }

    /** Rest left out, and so in what follows. */
    double cpuMillisPerKey() {
        return (sum(StampedePart::cpuNanos) - rest.cpuNanos() * rest.times(nanos)) / 1e6 / keys();
    }

    /** From one key to the next, rest and all. */
    double cpuMillisPerKeyWithRest() {
        return sum(StampedePart::cpuNanos) / 1e6 / keys();
    }

    double restMillisPerSecond() {
        return rest.cpuNanos() / 1e6 / (rest.nanos() / 1e9);
    }

    double redisMillisPerKey() {
        return (redisNanos - rest.redisNanos() * rest.times(nanos)) / 1e6 / keys();
    }

    /** Commands that the server ran, those within scripts included, and those left out that the clock sends. */
    double commandsPerKey() {
        return (double) withoutPings(commands).sum() / keys() - byTheClockPerKey() - foundPerKey;
    }

    /** Of these, what clients send. */
    double sentPerKey() {
        return commandsPerKey() * sentPart;
    }

    /** PINGs left out. */
    double byTheClockPerKey() {
        return withoutPings(rest.commands()).sum() * rest.times(nanos) / keys();
    }

    static CommandCounts withoutPings(CommandCounts counts) {
        return counts.only(command -> !PINGING.contains(command));
    }

    double pingsPerSecond() {
        return commands.count(PING) / (nanos / 1e9);
    }

    double idlePerSecond() {
        return rest.commands().sum() / (rest.nanos() / 1e9);
    }

    StampedeStages stages() {
        return new StampedeStages(parts, creatorNanos());
    }

    /** Of all processes, by kind of thread. */
    Map<String, ThreadTimes.Times> byKind() {
        Map<String, ThreadTimes.Times> sum = new TreeMap<>();
        for (StampedePart part : parts) {
            part.byKind().forEach((kind, times) -> sum.merge(kind, times, ThreadTimes.Times::plus));
        }
        return sum;
    }

    /** For the raw data. Of each process it has when each key's creator began, and when each caller of each key was answered. */
    Map<String, Object> raw() {
        Map<String, Object> raw = new LinkedHashMap<>();
        raw.put("contender", contender);
        raw.put("creatorMillis", creatorMillis);
        raw.put("round", round);
        raw.put("keys", keys());
        raw.put("errors", errors());
        raw.put("creatorRuns", sum(StampedePart::creatorRuns));
        raw.put("beyondP50Millis", p50());
        raw.put("beyondP99Millis", p99());
        raw.put("commandsPerKey", commandsPerKey());
        raw.put("commandsSentPerKey", sentPerKey());
        raw.put("foundPerKey", foundPerKey);
        raw.put("byTheClockPerKey", byTheClockPerKey());
        raw.put("commands", commands.calls());
        raw.put("commandsAtRest", rest.commands().calls());
        raw.put("secondsAtRest", rest.nanos() / 1e9);
        raw.put("seconds", nanos / 1e9);
        raw.put("cpuMillisPerKey", cpuMillisPerKey());
        raw.put("cpuMillisPerKeyWithRest", cpuMillisPerKeyWithRest());
        raw.put("cpuMillisPerSecondAtRest", restMillisPerSecond());
        raw.put("processors", machine);
        raw.put("redisCpuMillisPerKey", redisMillisPerKey());
        raw.put("stages", stages().raw());
        raw.put("byKind", byKind());
        raw.put("begunMicros", parts.stream().map(StampedePart::begunMicros).toList());
        raw.put(
                "answeredMicros",
                parts.stream().map(StampedePart::answeredMicros).toList());
        return raw;
    }
}
