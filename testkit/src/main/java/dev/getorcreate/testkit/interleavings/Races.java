package dev.getorcreate.testkit.interleavings;

import java.util.Arrays;
import java.util.List;

/**
 * Finds, in a run, pairs of steps that touch the same and could have come the other way round, and notes at the place of
 * the first that the other way is to be tried: the race detection of source-DPOR, over vector clocks (Mattern, 1989).
 */
final class Races {

    private final List<Event> events;
    private final List<Event> wanted;
    private final List<Node> path;
    /** For each event and actor: one more than the last event of that actor that happens before it. */
    private final int[][] clocks;

    /** @param wanted steps that could not be taken at the end */
    Races(List<Event> events, List<Event> wanted, List<Node> path) {
        this.events = events;
        this.wanted = wanted;
        this.path = path;
        this.clocks = new int[events.size()][];
    }

    /** @param firstNew races of events before it are noted already */
    void addWhatIsToTry(int firstNew) {
        int actors = 0;
        for (Event event : events) {
            actors = Math.max(actors, event.actor.number + 1);
        }
        for (Event event : wanted) {
            actors = Math.max(actors, event.actor.number + 1);
        }
        int[] latest = new int[actors];
        for (int j = 0; j < events.size(); j++) {
            Event event = events.get(j);
            int before = latest[event.actor.number];
            int[] clock = before == 0 ? new int[actors] : clocks[before - 1].clone();
            for (int i = j - 1; i >= 0; i--) {
                // From the latest on: what is not before this one by then races with it, with nothing between the two.
                if (clock[events.get(i).actor.number] <= i && events.get(i).conflictsWith(event)) {
                    if (j >= firstNew) {
                        race(i, j, event, before);
                    }
                    join(clock, clocks[i]);
                }
            }
            clock[event.actor.number] = j + 1;
            latest[event.actor.number] = j + 1;
            clocks[j] = clock;
        }
        wanted.forEach(event -> wanted(event, latest[event.actor.number]));
    }

    /** Who could not take a step at the end might have, had others not come first: as with a lock that stays taken. */
    private void wanted(Event event, int before) {
        int end = events.size();
        int[] clock = before == 0 ? new int[clocks.length == 0 ? 0 : clocks[0].length] : clocks[before - 1].clone();
        for (int i = end - 1; i >= before; i--) {
            if (clock[events.get(i).actor.number] <= i && events.get(i).conflictsWith(event)) {
                race(i, end, event, before);
                join(clock, clocks[i]);
            }
        }
    }

    private static void join(int[] clock, int[] other) {
        for (int i = 0; i < clock.length; i++) {
            clock[i] = Math.max(clock[i], other[i]);
        }
    }

    private boolean happensBefore(int i, int j) {
        return clocks[j][events.get(i).actor.number] > i;
    }

    /** @param before one more than the event before j of the same actor: since then that actor wanted to do j */
    private void race(int i, int j, Event late, int before) {
        if (events.get(i).isBarrier() || late.isBarrier()) {
            return; // nobody could have done anything instead
        }
        long first = firstSteps(i, j, late);
        if (couldGoBefore(i, late) || (first & Node.bit(late.actor.number)) == 0) {
            tryOther(i, late, first);
            return;
        }
        // What it waits for came with i itself, so it races with whatever took that away before: as one lock does with
        // another.
        for (int k = i - 1; k >= before; k--) {
            Event earlier = events.get(k);
            if (earlier.isBarrier()) {
                return;
            }
            if (earlier.conflictsWith(late) && couldGoBefore(k, late)) {
                tryOther(k, late, firstSteps(k, j, late));
                return;
            }
        }
    }

    private boolean couldGoBefore(int i, Event late) {
        return (node(i).enabled & Node.bit(late.actor.number)) != 0;
    }

    private Node node(int event) {
        return path.get(events.get(event).choice);
    }

    private void tryOther(int i, Event late, long first) {
        Node node = node(i);
        long wanted = first & node.enabled;
        if ((first & node.toTry) == 0 && wanted != 0) {
            long itself = Node.bit(late.actor.number);
            node.toTry |= (wanted & itself) != 0 ? itself : Long.lowestOneBit(wanted);
        }
    }

    /** Whose steps could begin what leads to j without i: the initials of what does not happen after i. */
    private long firstSteps(int i, int j, Event late) {
        int[] kept = new int[j - i];
        int count = 0;
        long seen = 0;
        long first = 0;
        for (int k = i + 1; k <= j; k++) {
            if (k < j && happensBefore(i, k)) {
                continue;
            }
            Event event = k == j ? late : events.get(k);
            long bit = Node.bit(event.actor.number);
            if ((seen & bit) == 0 && (k == j ? isFree(kept, count, event) : isInitial(kept, count, k))) {
                first |= bit;
            }
            seen |= bit;
            kept[count++] = k;
        }
        return first;
    }

    private boolean isInitial(int[] kept, int count, int k) {
        return Arrays.stream(kept, 0, count).noneMatch(m -> happensBefore(m, k));
    }

    /** As {@link #isInitial}, for the event whose clock is being made. */
    private boolean isFree(int[] kept, int count, Event late) {
        return Arrays.stream(kept, 0, count).noneMatch(m -> events.get(m).conflictsWith(late));
    }
}
