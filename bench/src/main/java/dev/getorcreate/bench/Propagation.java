package dev.getorcreate.bench;

import dev.getorcreate.testkit.ChildJvm;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** How soon three processes no longer answer from their local entry after a fourth one invalidated the key. */
final class Propagation {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int WARM = 100;

    final Samples confirming = new Samples();
    final Samples afterCall = new Samples();
    final Samples afterConfirmed = new Samples();
    /** Of the three, the one that was last. */
    final Samples last = new Samples();

    final Samples polls = new Samples();
    /** Entries that were gone before the call: not by it, so they are in none of the others. */
    int early;

    private final String topology;
    private final int rounds;

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
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(2_000 + random.nextInt(5_000)));
            Writer.Confirmed confirmed = writer.invalidate(key);
            confirming.add(confirmed.confirmedAt() - confirmed.calledAt());
            hear(readers, confirmed);
        }
    }

    private void hear(Readers readers, Writer.Confirmed confirmed) {
        long latest = Long.MIN_VALUE;
        for (ChildJvm reader : readers.processes()) {
            String[] gone = reader.expect("gone .*", SOON).split(" ", -1);
            long after = Long.parseLong(gone[1]) - confirmed.calledAt();
            polls.add(Long.parseLong(gone[2]));
            if (after < 0) {
                early++;
                continue;
            }
            afterCall.add(after);
            afterConfirmed.add(Long.parseLong(gone[1]) - confirmed.confirmedAt());
            latest = Math.max(latest, after);
        }
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
}
