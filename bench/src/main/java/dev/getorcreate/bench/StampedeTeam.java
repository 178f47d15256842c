package dev.getorcreate.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A contender's processes, that ask for keys at agreed moments. */
final class StampedeTeam implements AutoCloseable {

    private static final long WARM_GAP = TimeUnit.MILLISECONDS.toNanos(3);
    private static final long ALONE_GAP = TimeUnit.MICROSECONDS.toNanos(500);
    /** From the order to the first key. */
    static final long LEAD = TimeUnit.MILLISECONDS.toNanos(500);

    /** So many times as long as nobody's key is put off: a turn has fewer keys with a contender that is slower. */
    private static final long SLOWEST = 3;

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
        long start = System.nanoTime() + LEAD;
        var unused = ask(new StampedeOrder(
                prefix,
                (int) Math.max(1, time.toNanos() / gapNanos),
                options.threads(),
                creator,
                start,
                gapNanos,
                start + time.toNanos(),
                false));
    }

    /** All threads of all processes ask for one key after the other. */
    List<StampedePart> ask(String prefix, int keys, int creator) {
        long start = System.nanoTime() + LEAD;
        long gap = options.gapNanos(creator);
        return ask(new StampedeOrder(
                prefix, keys, options.threads(), creator, start, gap, start + SLOWEST * keys * gap, true));
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
