package dev.getorcreate.testkit.interleavings;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A place where somebody was chosen: who could have been, who was, and who is still to be. Sets of actors are bits. */
final class Node {

    final long enabled;
    /** Where in the run's events the chosen step stands. */
    final int event;
    /** How often somebody was interrupted who could have gone on, before this. */
    final int preemptions;

    int chosen;
    long toTry;
    private long tried;

    /** Whose step, taken here, leads only to what was seen; with that step as it was when it was seen. */
    private final Map<Integer, Event> asleep = new HashMap<>();

    Node(long enabled, int event, int preemptions) {
        this.enabled = enabled;
        this.event = event;
        this.preemptions = preemptions;
    }

    static long bit(int actor) {
        if (actor > 63) {
            throw new IllegalStateException("more than 64 callers, connections, clocks and faults in one scenario");
        }
        return 1L << actor;
    }

    static long bits(List<Actor> actors) {
        long bits = 0;
        for (Actor actor : actors) {
            bits |= bit(actor.number);
        }
        return bits;
    }

    boolean sleeps(int actor) {
        return asleep.containsKey(actor);
    }

    /** Takes over who slept at the place before, and was not woken by what happened since. */
    void inherit(Node before, List<Event> since) {
        before.asleep.forEach((actor, step) -> {
            if (since.stream().noneMatch(step::conflictsWith)) {
                asleep.put(actor, step);
            }
        });
    }

    /** Whoever was chosen has been seen: sleeps from now on. False: all that is to be tried has been. */
    boolean chooseAnother(Event step, boolean sleeping) {
        tried |= bit(chosen);
        if (sleeping) {
            asleep.put(chosen, step);
        }
        long left = toTry & ~tried;
        for (int actor = 0; actor < 64; actor++) {
            if ((left & 1L << actor) != 0 && !asleep.containsKey(actor)) {
                chosen = actor;
                return true;
            }
        }
        return false;
    }
}
