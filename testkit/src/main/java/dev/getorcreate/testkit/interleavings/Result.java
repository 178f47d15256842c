package dev.getorcreate.testkit.interleavings;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one interleaving came to, when nobody takes steps any more. */
public final class Result {

    private final Run run;
    private final Map<String, Setup.Caller> callers;
    private final List<String> faults;

    Result(Run run, Setup setup, List<String> faults) {
        this.run = run;
        this.callers = setup.callers();
        this.faults = faults;
    }

    /** What the caller gave; null also if it threw, crashed, or gave null. */
    public @Nullable Object answer(String caller) {
        return of(caller).answer().value;
    }

    /** What the caller threw, or null. */
    public @Nullable Throwable thrown(String caller) {
        return of(caller).answer().thrown;
    }

    /** Whether the caller's process crashed before it was done. */
    public boolean crashed(String caller) {
        return of(caller).proc().hasCrashed() && !of(caller).answer().finished;
    }

    /** The faults that came, at some place, in this interleaving. */
    public List<String> faults() {
        return faults;
    }

    /** How much virtual time went by. */
    public Duration elapsed() {
        return Duration.ofNanos(run.clock.now());
    }

    /** Lets time go by, for what the check asks next. No timer runs. */
    public void pass(Duration duration) {
        run.clock.pass(duration.toNanos());
    }

    private Setup.Caller of(String caller) {
        Setup.Caller known = callers.get(caller);
        if (known == null) {
            throw new IllegalArgumentException("no caller is named '" + caller + "'");
        }
        return known;
    }
}
