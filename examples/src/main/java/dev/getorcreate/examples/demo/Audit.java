package dev.getorcreate.examples.demo;

import dev.getorcreate.Source;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Works out a run's figures from what was recorded: answers against rows, creator runs against keys. */
final class Audit {

    private static final Source[] SOURCES = Source.values();

    private final Run.Recorded run;
    private final Map<Integer, List<Event>> byKey;

    Audit(Run.Recorded run) {
        this.run = run;
        this.byKey =
                run.events().stream().collect(Collectors.groupingBy(Event::key, TreeMap::new, Collectors.toList()));
    }

    Figures figures() {
        List<Event> answers = of(Event.Kind.ANSWER).toList();
        Map<Source, Long> sources = new EnumMap<>(Source.class);
        answers.forEach(answer -> sources.merge(source(answer), 1L, Long::sum));
        long errors = of(Event.Kind.ERROR).count();
        return new Figures(
                run.mode(),
                answers.size() + errors,
                byKey.size(),
                run.rows().values().stream().mapToLong(List::size).sum(),
                run.rows().values().stream().mapToLong(rows -> rows.size() - 1).sum(),
                byKey.keySet().stream()
                                .filter(key -> !run.rows().containsKey(key))
                                .count()
                        + run.rows().keySet().stream()
                                .filter(key -> !byKey.containsKey(key))
                                .count(),
                of(Event.Kind.CREATING).count(),
                exempt().size(),
                notOneRun(),
                sources,
                answers.stream().filter(this::wrong).count(),
                createdTwice(),
                errors,
                commandsPerKey(),
                times(answers.stream().filter(answer -> hit(answer))),
                times(answers.stream().filter(answer -> source(answer) == Source.CREATED)),
                served());
    }

    private Stream<Event> of(Event.Kind kind) {
        return run.events().stream().filter(event -> event.kind() == kind);
    }

    static Source source(Event answer) {
        return SOURCES[answer.note()];
    }

    private static boolean hit(Event answer) {
        return source(answer) == Source.LOCAL || source(answer) == Source.SHARED;
    }

    private static Percentiles times(Stream<Event> events) {
        return new Percentiles(events.map(Event::nanos).toList());
    }

    /** An answer that is not the key's row; where there are several, not its first. */
    private boolean wrong(Event answer) {
        List<Table.Row> rows = run.rows().get(answer.key());
        return rows == null || rows.get(0).fingerprint() != answer.record();
    }

    /** Rows that more than one caller was told to have created. */
    private long createdTwice() {
        record Row(int key, long record) {}
        return of(Event.Kind.ANSWER)
                .filter(answer -> source(answer) == Source.CREATED)
                .collect(Collectors.groupingBy(answer -> new Row(answer.key(), answer.record()), Collectors.counting()))
                .values()
                .stream()
                .filter(tellings -> tellings > 1)
                .count();
    }

    /** The keys that had a fault between their first request and their first answer. */
    List<Integer> exempt() {
        List<Integer> exempt = new ArrayList<>();
        byKey.forEach((key, events) -> {
            long asked = events.stream().mapToLong(Event::from).min().orElseThrow();
            long answered = events.stream()
                    .filter(event -> event.kind() == Event.Kind.ANSWER)
                    .mapToLong(Event::to)
                    .min()
                    .orElse(Long.MAX_VALUE);
            if (run.faults().all().stream().anyMatch(fault -> fault.touches(asked, answered, events))) {
                exempt.add(key);
            }
        });
        return exempt;
    }

    /** The keys without a fault in their window whose creator did not run exactly once. */
    List<Integer> notOneRun() {
        List<Integer> exempt = exempt();
        return byKey.entrySet().stream()
                .filter(entry -> !exempt.contains(entry.getKey()))
                .filter(entry -> entry.getValue().stream()
                                .filter(event -> event.kind() == Event.Kind.CREATING)
                                .count()
                        != 1)
                .map(Map.Entry::getKey)
                .toList();
    }

    /**
     * What a created key costs: the server's count of commands, less one for each answer that was read from Redis, shared
     * out among the keys created meanwhile. Taken before the first fault.
     */
    private double commandsPerKey() {
        Redis.Mark until =
                run.faults().undisturbed() == null ? run.after() : run.faults().undisturbed();
        long hits = of(Event.Kind.ANSWER)
                .filter(answer -> source(answer) == Source.SHARED && answer.to() < until.at())
                .count();
        long created = of(Event.Kind.ANSWER)
                .filter(answer -> source(answer) == Source.CREATED && answer.to() < until.at())
                .count();
        return (until.commands() - run.before().commands() - hits) / (double) Math.max(1, created);
    }

    /** How long after the kill the killed process's key was first served to somebody else; -1 if nobody was killed. */
    private long served() {
        Faults.Log faults = run.faults();
        if (faults.killedProcess() < 0) {
            return -1;
        }
        return byKey.getOrDefault(faults.killedKey(), List.of()).stream()
                .filter(event -> event.kind() == Event.Kind.ANSWER && event.process() != faults.killedProcess())
                .mapToLong(event -> event.to() - faults.killedAt())
                .min()
                .orElse(Long.MAX_VALUE);
    }
}
