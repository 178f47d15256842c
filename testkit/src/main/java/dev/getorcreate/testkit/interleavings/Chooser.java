package dev.getorcreate.testkit.interleavings;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says who takes the next step. */
interface Chooser {

    /**
     * Called by whoever holds the baton.
     *
     * @param enabled at least one
     * @param last the event before, whose accesses are complete; null at the beginning
     * @return null: what would follow has been seen
     */
    @Nullable
    Actor choose(List<Actor> enabled, @Nullable Event last);
}
