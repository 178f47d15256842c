package dev.getorcreate;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** Counts what a cache does, and tells its listener of what is rare. */
final class Counters {

    private static final System.Logger LOG = System.getLogger("dev.getorcreate");

    private final CacheListener listener;
    private final EnumMap<Source, LongAdder> answers = new EnumMap<>(Source.class);
    /** The hot one, by its own field. */
    final LongAdder localHits;

    private final LongAdder creatorRuns = new LongAdder();
    private final LongAdder creatorNanos = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder conflictsAdopted = new LongAdder();
    private final LongAdder claimsLost = new LongAdder();
    private final LongAdder publishesRejected = new LongAdder();
    private final LongAdder oversized = new LongAdder();
    private final LongAdder overdue = new LongAdder();
    private final LongAdder sharedStoreErrors = new LongAdder();
    private final LongAdder undecodable = new LongAdder();
    private final LongAdder invalidationsUnconfirmed = new LongAdder();

    Counters(CacheListener listener) {
        this.listener = listener;
        for (Source source : Source.values()) {
            answers.put(source, new LongAdder());
        }
        localHits = adder(Source.LOCAL);
    }

    private LongAdder adder(Source source) {
        return Objects.requireNonNull(answers.get(source), "every source has one");
    }

    void answered(Source source) {
        adder(source).increment();
        if (source == Source.ADOPTED) {
            conflictsAdopted.increment();
            tell(CacheListener::conflictAdopted);
        }
    }

    void creatorStarts() {
        creatorRuns.increment();
    }

    void creatorRan(long nanos, boolean succeeded) {
        creatorNanos.add(nanos);
        tell(hearer -> hearer.creatorRan(nanos, succeeded));
    }

    void failed() {
        failures.increment();
    }

    void claimLost() {
        claimsLost.increment();
        tell(CacheListener::claimLost);
    }

    void publishRejected() {
        publishesRejected.increment();
        tell(CacheListener::publishRejected);
    }

    void oversized() {
        oversized.increment();
        tell(CacheListener::oversized);
    }

    void overdue() {
        overdue.increment();
        tell(CacheListener::overdue);
    }

    void sharedStoreError(Throwable error) {
        sharedStoreErrors.increment();
        tell(hearer -> hearer.sharedStoreError(error));
    }

    void undecodable(String why) {
        undecodable.increment();
        tell(hearer -> hearer.undecodable(why));
    }

    void invalidationUnconfirmed() {
        invalidationsUnconfirmed.increment();
        tell(CacheListener::invalidationUnconfirmed);
    }

    private void tell(Consumer<CacheListener> event) {
        try {
            event.accept(listener);
        } catch (Throwable e) { // an Error too: a meter that cannot be loaded must not cost a record
            LOG.log(System.Logger.Level.WARNING, "a cache listener threw; it must not", e);
        }
    }

    CacheStats snapshot(long pollsThatFound, long localSize) {
        Map<Source, Long> bySource = new EnumMap<>(Source.class);
        answers.forEach((source, adder) -> bySource.put(source, adder.sum()));
        return new CacheStats(
                Map.copyOf(bySource),
                creatorRuns.sum(),
                creatorNanos.sum(),
                failures.sum(),
                conflictsAdopted.sum(),
                claimsLost.sum(),
                publishesRejected.sum(),
                oversized.sum(),
                overdue.sum(),
                pollsThatFound,
                sharedStoreErrors.sum(),
                undecodable.sum(),
                invalidationsUnconfirmed.sum(),
                localSize);
    }
}
