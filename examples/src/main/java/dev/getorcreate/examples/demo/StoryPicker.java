package dev.getorcreate.examples.demo;

import dev.getorcreate.examples.demo.Event.Kind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds, of all duplicates of the naive run, the one that can be drawn best beside its cured story. */
final class StoryPicker {

    /** The same key in both runs; the cured one is missing if there was no such run. */
    record Pair(Story naive, @Nullable Story cured) {}

    private final Run.Recorded naive;
    private final Run.@Nullable Recorded cured;
    private final Map<Integer, List<Event>> naiveEvents;
    private final Map<Integer, List<Event>> curedEvents;
    private final Set<Integer> disturbed;

    StoryPicker(Run.Recorded naive, Run.@Nullable Recorded cured) {
        this.naive = naive;
        this.cured = cured;
        this.naiveEvents = byKey(naive);
        this.curedEvents = cured == null ? Map.of() : byKey(cured);
        this.disturbed = cured == null ? Set.of() : new TreeSet<>(new Audit(cured).exempt());
    }

    private static Map<Integer, List<Event>> byKey(Run.Recorded run) {
        return run.events().stream().collect(Collectors.groupingBy(Event::key));
    }

    /** Null if the naive run had no duplicate among the callers of a fresh key. */
    @Nullable
    Pair best() {
        Pair best = null;
        double least = Double.MAX_VALUE;
        for (int key : duplicated(naive.rows())) {
            Story bug = Story.of(naive, naiveEvents.getOrDefault(key, List.of()), key);
            if (bug == null || bug.decided() == null || creators(bug) < 2) {
                continue;
            }
            Story cure = cured == null ? null : Story.of(cured, curedEvents.getOrDefault(key, List.of()), key);
            double cost = cost(bug) + (cure == null ? 0 : cost(cure)) + (disturbed.contains(key) ? 10_000 : 0);
            if (cured != null && cure == null) {
                cost += 10_000;
            }
            if (cost < least) {
                least = cost;
                best = new Pair(bug, cure);
            }
        }
        return best;
    }

    /** The keys that have more than one row. */
    static Set<Integer> duplicated(Map<Integer, List<Table.Row>> rows) {
        return rows.entrySet().stream()
                .filter(entry -> entry.getValue().size() > 1)
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static long creators(Story story) {
        return story.lanes().stream().filter(Story.Lane::created).count();
    }

    private static boolean oneProcess(Story story) {
        return story.lanes().stream()
                        .filter(Story.Lane::created)
                        .map(Story.Lane::process)
                        .distinct()
                        .count()
                == 1;
    }

    /** How badly a story can be drawn, about in milliseconds of width. */
    private static double cost(Story story) {
        double cost = story.length() / 1e6 + 15 * Math.abs(story.lanes().size() - 3);
        if (story.mode() == Mode.NAIVE) {
            // A second look in the middle of the gap tells more than one at the same moment.
            double offset = story.lanes().stream()
                    .filter(Story.Lane::created)
                    .skip(1)
                    .mapToDouble(lane -> lane.from() / (double) Math.max(1, story.length()))
                    .findFirst()
                    .orElse(0);
            return cost + 20 * Math.abs(offset - 0.25) + 10 * (story.rows() - 2) + (oneProcess(story) ? 1_000 : 0);
        }
        // One that waits for another process tells more than one that joins a thread of its own.
        boolean waits =
                story.lanes().stream().anyMatch(lane -> lane.first(Kind.WAIT) != null && lane.first(Kind.GET) != null);
        return cost + (waits ? 0 : 1_000) + (creators(story) == 1 ? 0 : 1_000);
    }
}
