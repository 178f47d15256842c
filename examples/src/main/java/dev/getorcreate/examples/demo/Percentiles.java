package dev.getorcreate.examples.demo;

import java.util.Collection;

/** Measured times, in nanoseconds, sorted. */
final class Percentiles {

    private final long[] sorted;

    Percentiles(Collection<Long> nanos) {
        this.sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
    }

    int count() {
        return sorted.length;
    }

    /** The smallest measured time that at least this share of all are no longer than; 0 if nothing was measured. */
    long at(double share) {
        if (sorted.length == 0) {
            return 0;
        }
        int rank = (int) Math.ceil(share * sorted.length);
        return sorted[Math.max(0, Math.min(sorted.length, rank) - 1)];
    }
}
