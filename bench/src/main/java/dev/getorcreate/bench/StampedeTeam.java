package dev.getorcreate.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** A contender's processes, that ask for keys at agreed moments. */
final class StampedeTeam implements AutoCloseable {

    private static final long WARM_GAP = TimeUnit.MILLISECONDS.toNanos(3);
    private static final long ALONE_GAP = TimeUnit.MICROSECONDS.toNanos(500);
    /** From the order to the first key. */
    static final long LEAD = TimeUnit.MILLISECONDS.toNanos(500);

    /** So many times as long as nobody's key is put off: a turn has fewer keys with a contender that is slower. */
    private static final long SLOWEST = 3;

    private static final long REST_PATIENCE = TimeUnit.SECONDS.toNanos(60);

    final Team team;
    private final StampedeOptions options;
    private final StampedeMoments moments;

    StampedeTeam(String contender, StampedeOptions options) {
        this.options = options;
        try {
            Path file = Files.createTempFile("stampede", ".moments");
            try {
                moments = new StampedeMoments(file, options.processes());
                team = new Team(
                        contender,
                        options.processes(),
                        StampedeProcess.class,
                        file.toString(),
                        Integer.toString(options.processes()));
            } finally {
                Files.delete(file); // by now all have it in memory
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * At a quicker pace: each process by itself, where many keys are created in a short time and the compilers get through;
     * then together, with a creator that takes no time, and with those that are measured.
     */
    void warmUp() {
        Duration half = Duration.ofSeconds(options.warmUp()).dividedBy(2);
        warmUp(StampedeCallers.ALONE, 0, ALONE_GAP, half);
        warmUp("warm", 0, WARM_GAP, half.multipliedBy(2));
        for (int creator : options.creatorMillis()) {
            warmUp(
                    "warmer" + creator,
                    creator,
                    WARM_GAP + TimeUnit.MILLISECONDS.toNanos(creator),
                    half.dividedBy(options.creatorMillis().size()));
        }
    }

    private void warmUp(String prefix, int creator, long gapNanos, Duration time) {
        int keys = (int) Math.max(1, time.toNanos() / gapNanos);
        if (!prefix.equals(StampedeCallers.ALONE)) {
            prepare(prefix, keys);
        }
        long start = System.nanoTime() + LEAD;
        var unused = ask(new StampedeOrder(
                prefix, keys, options.threads(), creator, start, gapNanos, start + time.toNanos(), false));
    }

    /** Before {@link #ask}, for contenders that find something in Redis before each key. */
    void prepare(String prefix, int keys) {
        if (team.contender.equals(OursAfterHits.NAME)) {
            OursAfterHits.publish(team.redis.uri(), StampedeProcess.TIME_TO_LIVE, prefix, keys);
        }
    }

    /** All threads of all processes ask for one key after the other. */
    List<StampedePart> ask(String prefix, int keys, int creator) {
        long start = System.nanoTime() + LEAD;
        long gap = options.gapNanos(creator);
        return ask(new StampedeOrder(
                prefix, keys, options.threads(), creator, start, gap, start + SLOWEST * keys * gap, true));
    }

    /** Nothing is asked, for so long. */
    StampedeRest rest(long nanos) {
        CommandCounts before = CommandCounts.of(team.redis);
        long redisBefore = Info.cpuNanos(team.redis);
        long from = System.nanoTime();
        Map<String, ThreadTimes.Times> used = new TreeMap<>();
        for (String line : team.order(StampedeProcess.REST + (from + nanos), Duration.ofNanos(nanos + REST_PATIENCE))) {
            ThreadTimes.add(used, line.split(" ", -1)[1]);
        }
        long rested = System.nanoTime() - from;
        long redisNanos = Info.cpuNanos(team.redis) - redisBefore;
        CommandCounts commands = CommandCounts.of(team.redis).since(before);
        return StampedeRest.of(commands, rested, used, redisNanos);
    }

    private List<StampedePart> ask(StampedeOrder order) {
        moments.begin(order);
        return team.order(order.line(), Duration.ofNanos(order.answeredBy() - System.nanoTime())).stream()
                .map(StampedePart::of)
                .toList();
    }

    @Override
    public void close() {
        team.close();
    }
}
