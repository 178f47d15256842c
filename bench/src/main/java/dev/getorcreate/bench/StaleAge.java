package dev.getorcreate.bench;

import dev.getorcreate.testkit.ChildJvm;
import dev.getorcreate.testkit.RedisServer;
import dev.getorcreate.testkit.TcpProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * How old the oldest stale answer of a reader is whose connection breaks around an invalidation by somebody else: the
 * moment before the last call that was answered with the old record, counted from the invalidation.
 */
final class StaleAge {

    /** What breaks, and when. */
    enum Fault {
        /** Reset, at a random moment within 10 ms of the invalidation; a new connection passes. */
        CUT("cut"),
        /** Swallowed silently from just before the invalidation, at a random moment between two PINGs. */
        BLACK_HOLE("black hole"),
        /** The same just after a PING was answered: the connection is trusted for as long as it can be. */
        BLACK_HOLE_AFTER_PONG("black hole just after a PONG");

        final String words;

        Fault(String words) {
            this.words = words;
        }
    }

    /** The default of the library; a PING goes every quarter of it. */
    static final Duration MAX_STALENESS = Duration.ofSeconds(2);

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final long BLACK_FOR = MAX_STALENESS.plusMillis(1200).toNanos();
    private static final long AFTERWARDS = TimeUnit.MILLISECONDS.toNanos(300);

    final Fault fault;
    final Samples fromConfirmed = new Samples();
    final Samples fromCall = new Samples();
    final CallerErrors errors = new CallerErrors();
    private final List<Double> rawMillis = new ArrayList<>();
    private final Site site;
    private final Writer writer;
    private final Readers readers;
    private final Random random = new Random(11);

    private StaleAge(Fault fault, Site site, Writer writer, Readers readers) {
        this.fault = fault;
        this.site = site;
        this.writer = writer;
        this.readers = readers;
    }

    static List<StaleAge> measure(Site site, int trials) throws InterruptedException {
        try (Writer writer = new Writer(site);
                Readers readers = new Readers(site, true)) {
            List<StaleAge> all = List.of(
                    new StaleAge(Fault.CUT, site, writer, readers),
                    new StaleAge(Fault.BLACK_HOLE, site, writer, readers),
                    new StaleAge(Fault.BLACK_HOLE_AFTER_PONG, site, writer, readers));
            for (StaleAge one : all) {
                System.err.println(site.topology() + ": " + one.fault.words);
                for (int trial = 0; trial < trials; trial++) {
                    one.trial(trial);
                }
            }
            return all;
        }
    }

    /** Each reader has a key of its own, so that each can be hit at its own worst moment. */
    private void trial(int trial) throws InterruptedException {
        Writer.Confirmed[] confirmed = new Writer.Confirmed[Readers.COUNT];
        for (int i = 0; i < Readers.COUNT; i++) {
            ChildJvm reader = readers.processes().get(i);
            reader.send("old " + key(trial, i));
            reader.expect("watching", SOON);
            readers.way(i).requireUsed(site.upstreams());
        }
        for (int i = 0; i < Readers.COUNT; i++) {
            confirmed[i] = breakAndInvalidate(trial, i);
        }
        if (fault != Fault.CUT) {
            Pause.until(confirmed[Readers.COUNT - 1].confirmedAt() + BLACK_FOR);
            for (int i = 0; i < Readers.COUNT; i++) {
                readers.way(i).toAll().forEach(StaleAge::mend);
            }
        }
        for (int i = 0; i < Readers.COUNT; i++) {
            readers.processes().get(i).expect("fresh", SOON);
        }
        Pause.until(System.nanoTime() + AFTERWARDS); // an old record must not come back either
        for (int i = 0; i < Readers.COUNT; i++) {
            hear(readers.processes().get(i), confirmed[i]);
        }
    }

    private String key(int trial, int reader) {
        return fault + "-" + trial + "-" + reader;
    }

    private Writer.Confirmed breakAndInvalidate(int trial, int reader) throws InterruptedException {
        String key = key(trial, reader);
        ReaderWay way = readers.way(reader);
        RedisServer server = site.upstreamWith(key);
        // The whole way, or the key's server alone: then all else that the reader knows goes on being proven.
        Collection<TcpProxy> broken = trial % 2 == 0 ? way.toAll() : List.of(way.to(server));
        if (fault == Fault.CUT) {
            long now = System.nanoTime();
            long cutAt = now + random.nextInt((int) TimeUnit.MILLISECONDS.toNanos(20));
            long callAt = now + TimeUnit.MILLISECONDS.toNanos(10);
            if (cutAt < callAt) {
                Pause.until(cutAt);
                broken.forEach(TcpProxy::cut);
            }
            Pause.until(callAt);
            Writer.Confirmed confirmed = writer.invalidate(key);
            if (cutAt >= callAt) {
                Pause.until(cutAt);
                broken.forEach(TcpProxy::cut);
            }
            return confirmed;
        }
        if (fault == Fault.BLACK_HOLE_AFTER_PONG) {
            ReaderWay.awaitPong(way.to(server));
            Pause.until(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2)); // that it gets there
        } else {
            Pause.until(System.nanoTime() + random.nextInt((int) MAX_STALENESS.toNanos() / 4));
        }
        broken.forEach(proxy -> proxy.blackHole(true));
        return writer.invalidate(key);
    }

    /** What was swallowed does not come again, as it would after a real loss of packets: so the connection ends. */
    private static void mend(TcpProxy proxy) {
        proxy.blackHole(false);
        proxy.cut();
    }

    private void hear(ChildJvm reader, Writer.Confirmed confirmed) {
        reader.send("stop");
        String[] old = reader.expect("old .*", SOON).split(" ", 3);
        fromConfirmed.add(Long.parseLong(old[1]) - confirmed.confirmedAt());
        fromCall.add(Long.parseLong(old[1]) - confirmed.calledAt());
        rawMillis.add((Long.parseLong(old[1]) - confirmed.confirmedAt()) / 1e6);
        errors.addAll(old[2]);
    }

    /** A row of a table. */
    void print() {
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %d | %s | %s | %s |%n",
                site.topology(),
                fault.words,
                fromConfirmed.count(),
                fromConfirmed.medianAndMax(),
                fromCall.medianAndMax(),
                errors);
    }

    Map<String, Object> raw() {
        return Map.of(
                "topology",
                site.topology(),
                "fault",
                fault.words,
                "oldestAfterConfirmedMillis",
                rawMillis,
                "errors",
                errors.counts());
    }
}
