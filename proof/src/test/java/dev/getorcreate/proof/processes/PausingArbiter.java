package dev.getorcreate.proof.processes;

import dev.getorcreate.Arbiter;
import dev.getorcreate.Ruling;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lets a caller be held between the reading of a row and whatever is done with it: it runs on the caller's thread. */
final class PausingArbiter implements Arbiter<String, String> {

    /** What this thread does once it has found a row, and before it goes on with it; once. */
    static final ThreadLocal<@Nullable Runnable> WHEN_FOUND = new ThreadLocal<>();

    private final Arbiter<String, String> arbiter;

    PausingArbiter(Arbiter<String, String> arbiter) {
        this.arbiter = arbiter;
    }

    @Override
    public Optional<String> find(String key) {
        Optional<String> row = arbiter.find(key);
        Runnable pause = WHEN_FOUND.get();
        if (pause != null && row.isPresent()) {
            WHEN_FOUND.remove();
            pause.run();
        }
        return row;
    }

    @Override
    public Ruling<String> insert(String key, String candidate) {
        return arbiter.insert(key, candidate);
    }
}
