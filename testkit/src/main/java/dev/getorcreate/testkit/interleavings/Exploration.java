package dev.getorcreate.testkit.interleavings;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs a scenario again and again. One use, by one thread. */
final class Exploration implements AutoCloseable {

    private final Consumer<Setup> scenario;
    private final Check check;
    private final Interleavings.Bounds bounds;
    private final Workers workers = new Workers();
    private final Names resources = new Names();
    private final Names actors = new Names();
    private final long start = System.nanoTime();

    private long interleavings;
    private long redundant;
    private long violations;
    private long steps;
    private boolean cutShort;
    private Map<String, Setup.Caller> lastCallers = Map.of();
    private @Nullable Failing first;

    /** A run that failed. */
    record Failing(
            String why,
            Run run,
            Map<String, Setup.Caller> callers,
            List<String> faults,
            List<String> allFaults,
            int preemptions) {
        /** Fewer preemptions first, then fewer steps, then fewer switches, then the earlier of them. */
        private static final Comparator<Failing> SIMPLEST = Comparator.comparingInt(Failing::preemptions)
                .thenComparingInt(failing -> failing.run.events.size())
                .thenComparingInt(failing -> switches(failing.run))
                .thenComparingInt(failing -> firstSwitch(failing.run));

        boolean isSimplerThan(Failing other) {
            return SIMPLEST.compare(this, other) < 0;
        }

        private static int firstSwitch(Run run) {
            int at = 1;
            while (at < run.events.size() && run.events.get(at).actor == run.events.get(0).actor) {
                at++;
            }
            return at;
        }

        private static int switches(Run run) {
            int count = 0;
            for (int i = 1; i < run.events.size(); i++) {
                count += run.events.get(i).actor == run.events.get(i - 1).actor ? 0 : 1;
            }
            return count;
        }
    }

    Exploration(Consumer<Setup> scenario, Check check, Interleavings.Bounds bounds) {
        this.scenario = scenario;
        this.check = check;
        this.bounds = bounds;
    }

    Report explore(boolean stopAtFirst) {
        List<String> all = faults();
        for (List<String> some : subsets(all, bounds.faults())) {
            search(some, new Search(bounds.reduced(), bounds.preemptions()), stopAtFirst);
            if (cutShort || (stopAtFirst && first != null)) {
                break;
            }
        }
        boolean complete = !cutShort && (!stopAtFirst || first == null);
        return report(first == null ? null : shrink(first), all.size(), complete);
    }

    Report replay(Replay replay) {
        Run run = once(replay.faults(faults()), replay);
        run.abandon();
        return report(first, 0, true);
    }

    Drawing draw(Replay replay) {
        Run run = once(replay.faults(faults()), replay);
        run.abandon();
        return Drawing.of(run, lastCallers, null);
    }

    private List<String> faults() {
        Setup setup = new Setup(newRun((enabled, last) -> null));
        scenario.accept(setup);
        return setup.faults();
    }

    private Run newRun(Chooser chooser) {
        return new Run(resources, actors, workers, chooser, bounds.steps());
    }

    private void search(List<String> faults, Search search, boolean stopAtFirst) {
        do {
            Run run = once(faults, search);
            run.abandon();
            cutShort = interleavings >= bounds.runs();
        } while (!(stopAtFirst && first != null) && search.hasNext() && !cutShort);
    }

    /** One run, judged. The caller ends it. */
    private Run once(List<String> faults, Chooser chooser) {
        Run run = newRun(chooser);
        if (chooser instanceof Search search) {
            search.begins(run);
        }
        Setup setup = new Setup(run);
        scenario.accept(setup);
        setup.startAll(faults);
        lastCallers = setup.callers();
        Run.End end = run.play();
        steps += run.events.size();
        if (chooser instanceof Search search) {
            search.ends(run);
        }
        if (end == Run.End.REDUNDANT) {
            redundant++;
            return run;
        }
        interleavings++;
        String why = Verdicts.of(run, setup, end, faults, check);
        if (why != null) {
            violations++;
            Failing failing = new Failing(why, run, setup.callers(), faults, setup.faults(), Search.preemptions(run));
            if (first == null || failing.isSimplerThan(first)) {
                first = failing;
            }
        }
        return run;
    }

    /** Looks for the same failure with fewer preemptions, then fewer steps; within bounds of effort. */
    private Failing shrink(Failing found) {
        Failing best = found;
        for (int most = 0; most <= found.preemptions && best.preemptions >= most; most++) {
            Exploration again =
                    new Exploration(scenario, check, new Interleavings.Bounds(false, most, 0, bounds.steps(), 5_000));
            try (again) {
                again.search(found.faults, new Search(false, most), false);
            }
            Failing simplest = again.first;
            if (simplest != null && simplest.isSimplerThan(best)) {
                best = simplest;
            }
        }
        return best;
    }

    private Report report(@Nullable Failing found, int faults, boolean complete) {
        return new Report(
                interleavings,
                redundant,
                violations,
                steps,
                (System.nanoTime() - start) / 1_000_000,
                complete,
                covered(faults),
                Optional.ofNullable(found)
                        .map(failing -> new Counterexample(
                                failing.why,
                                Replay.of(failing.run, failing.faults, failing.allFaults),
                                Drawing.of(failing.run, failing.callers, failing.why))));
    }

    private String covered(int faults) {
        String orders = bounds.preemptions() == Search.NO_BOUND
                ? "every order of the steps" + (bounds.reduced() ? ", equivalent ones once" : "")
                : "every order with at most " + bounds.preemptions() + " preemptions";
        return faults == 0 || bounds.faults() == 0
                ? orders + ", no faults"
                : orders + ", with at most " + bounds.faults() + " of " + faults + " faults at every place";
    }

    /** Smaller ones first. */
    private static List<List<String>> subsets(List<String> all, int most) {
        List<List<String>> subsets = new ArrayList<>();
        subsets.add(List.of());
        int from = 0;
        for (int size = 1; size <= Math.min(most, all.size()); size++) {
            int to = subsets.size();
            for (int i = from; i < to; i++) {
                List<String> smaller = subsets.get(i);
                int next = smaller.isEmpty() ? 0 : all.indexOf(smaller.get(smaller.size() - 1)) + 1;
                for (String fault : all.subList(next, all.size())) {
                    List<String> larger = new ArrayList<>(smaller);
                    larger.add(fault);
                    subsets.add(larger);
                }
            }
            from = to;
        }
        return subsets;
    }

    @Override
    public void close() {
        workers.close();
    }
}
