package dev.getorcreate.proof.chaos;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** When something was done to a process, or the machine gave it no time: what then happens is not 'without faults'. */
final class Disturbances {

    /** In the order in which they began. */
    private final List<Fault> all;

    private final long aftermath;

    Disturbances(History history) {
        this.aftermath = history.facts().aftermath().toNanos();
        this.all = new ArrayList<>(history.faults());
        for (Event event : history.stalls()) {
            long nanos = Long.parseLong(event.detail());
            all.add(new Fault(Fault.STALL, event.process(), event.at() - nanos, event.at()));
        }
        all.sort(Comparator.comparingLong(Fault::from));
    }

    /** Whether a fault of one of these processes, or of everybody, or its aftermath, fell into this time. */
    boolean touch(long from, long to, Set<Integer> processes) {
        for (Fault fault : all) {
            if (fault.from() <= to
                    && fault.felt(aftermath) >= from
                    && processes.stream().anyMatch(fault::hits)) {
                return true;
            }
        }
        return false;
    }

    /** For how much of this time something was done to the process; what overlaps counts once. */
    long nanosOf(int process, long from, long to) {
        long sum = 0;
        long counted = from;
        for (Fault fault : all) {
            long begin = Math.max(counted, fault.from());
            long end = Math.min(to, fault.to());
            if (fault.hits(process) && begin < end) {
                sum += end - begin;
                counted = end;
            }
        }
        return sum;
    }

    /** For people: those that fell into this time. */
    List<Fault> between(long from, long to) {
        return all.stream()
                .filter(fault -> fault.from() <= to && fault.to() >= from)
                .toList();
    }
}
