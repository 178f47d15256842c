package dev.getorcreate.testkit.interleavings;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A step that was taken: who took it, what it said, and what it touched until the next one began. */
final class Event {

    /** Taken when nobody could do anything else, so by nobody's choice. */
    static final int FORCED = -1;

    final Actor actor;
    final String label;
    /** How deep in the tree of choices, or {@link #FORCED}. */
    final int choice;
    /** Virtual nanoseconds. */
    final long at;

    /** Who could have taken a step instead, as bits. */
    long enabled;

    @Nullable
    String answer;

    /** Each resource twice its number, and one more where it was written. */
    private int[] accesses = new int[6];

    private int count;

    Event(Actor actor, String label, int choice, long at) {
        this.actor = actor;
        this.label = label;
        this.choice = choice;
        this.at = at;
    }

    void touch(int resource, boolean written) {
        int access = resource * 2 + (written ? 1 : 0);
        for (int i = 0; i < count; i++) {
            if (accesses[i] >> 1 == resource) {
                accesses[i] |= access & 1;
                return;
            }
        }
        if (count == accesses.length) {
            accesses = Arrays.copyOf(accesses, 2 * count);
        }
        accesses[count++] = access;
    }

    /** Touches everything: nothing can change places with it. */
    boolean isBarrier() {
        return choice == FORCED;
    }

    /** Whether the order of the two could matter: one of them wrote what the other touched. */
    boolean conflictsWith(Event other) {
        if (isBarrier() || other.isBarrier()) {
            return true;
        }
        for (int i = 0; i < count; i++) {
            if (other.conflictsWith(accesses[i])) {
                return true;
            }
        }
        return false;
    }

    private boolean conflictsWith(int access) {
        for (int i = 0; i < count; i++) {
            if (accesses[i] >> 1 == access >> 1 && ((accesses[i] | access) & 1) == 1) {
                return true;
            }
        }
        return false;
    }

    boolean wrote(int resource) {
        return conflictsWith(resource * 2);
    }

    /** The numbers of what it touched. */
    int[] touched() {
        int[] resources = new int[count];
        for (int i = 0; i < count; i++) {
            resources[i] = accesses[i] >> 1;
        }
        return resources;
    }
}
