package dev.getorcreate.bench;

import dev.getorcreate.testkit.ChildJvm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** How soon three processes no longer answer from their local entry after a fourth one invalidated the key. */
final class Propagation {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int WARM = 100;

    final Samples confirming = new Samples();
    final Samples afterCall = new Samples();
    final Samples afterConfirmed = new Samples();
    /** Microseconds from the call: until it was confirmed, and until each reader saw the entry gone. */
    private record Round(long confirmed, List<Long> gone) {}

    /** Of the three, the one that was last. */
    final Samples last = new Samples();

    final Samples polls = new Samples();
    /** Entries that were gone before the call: not by it, so they are in none of the others. */
    int early;

    private final String topology;
    private final int rounds;
    private final List<Round> raw = new ArrayList<>();

    private Propagation(String topology, int rounds) {
        this.topology = topology;
        this.rounds = rounds;
    }

    static Propagation measure(Site site, int rounds) {
        Propagation warm = new Propagation(site.topology(), WARM);
        Propagation measured = new Propagation(site.topology(), rounds);
        try (Writer writer = new Writer(site);
                Readers readers = new Readers(site, false)) {
            warm.play("warm", writer, readers);
            measured.play("key", writer, readers);
        }
        return measured;
    }

    private void play(String prefix, Writer writer, Readers readers) {
        Random random = new Random(7);
        for (int round = 0; round < rounds; round++) {
            String key = prefix + round;
            readers.processes().forEach(reader -> reader.send("gone " + key));
            readers.processes().forEach(reader -> reader.expect("watching", SOON));
            Pause.until(System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(2_000 + random.nextInt(5_000)));
            Writer.Confirmed confirmed = writer.invalidate(key);
            confirming.add(confirmed.confirmedAt() - confirmed.calledAt());
            hear(readers, confirmed);
        }
    }

    private void hear(Readers readers, Writer.Confirmed confirmed) {
        long latest = Long.MIN_VALUE;
        List<Long> each = new ArrayList<>();
        for (ChildJvm reader : readers.processes()) {
            String[] gone = reader.expect("gone .*", SOON).split(" ", -1);
            long after = Long.parseLong(gone[1]) - confirmed.calledAt();
            polls.add(Long.parseLong(gone[2]));
            each.add(after / 1000);
            if (after < 0) {
                early++;
                continue;
            }
            afterCall.add(after);
            afterConfirmed.add(Long.parseLong(gone[1]) - confirmed.confirmedAt());
            latest = Math.max(latest, after);
        }
        raw.add(new Round((confirmed.confirmedAt() - confirmed.calledAt()) / 1000, each));
        if (latest > Long.MIN_VALUE) {
            last.add(latest);
        }
    }

    /** Rows of a table. */
    void print() {
        row("the call of invalidate", confirming);
        row("call to gone, each reader", afterCall);
        row("call to gone, the last of the three", last);
        row("confirmed to gone, each reader", afterConfirmed);
        System.out.printf(
                Locale.ROOT, "| %s | (a reader looks every) | %d | %s |%n", topology, polls.count(), polls.cells());
        System.out.printf(Locale.ROOT, "| %s | (gone before the call, left out) | %d | | | |%n", topology, early);
    }

    private void row(String what, Samples samples) {
        System.out.printf(Locale.ROOT, "| %s | %s | %d | %s |%n", topology, what, samples.count(), samples.cells());
    }

    Stream<Chart.Bar> bars() {
        return Stream.of(bar("each reader", afterCall), bar("the last of the three", last));
    }

    private Chart.Bar bar(String what, Samples samples) {
        return new Chart.Bar(
                "ours, " + topology + ", " + what,
                new Spread(
                        samples.median(),
                        samples.millis(0),
                        samples.max(),
                        samples.millis(0.25),
                        samples.millis(0.75)));
    }

    /** The figures that targets name. */
    Map<String, Object> result() {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("propagationP50Millis", Results.rounded(afterCall.median()));
        result.put("propagationP99Millis", Results.rounded(afterCall.millis(0.99)));
        result.put("afterConfirmedP50Millis", Results.rounded(afterConfirmed.median()));
        result.put("afterConfirmedP99Millis", Results.rounded(afterConfirmed.millis(0.99)));
        return result;
    }

    Map<String, Object> raw() {
        return Map.of("topology", topology, "goneBeforeTheCall", early, "roundsMicros", raw);
    }
}
