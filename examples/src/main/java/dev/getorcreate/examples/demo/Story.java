package dev.getorcreate.examples.demo;

import dev.getorcreate.Source;
import dev.getorcreate.examples.demo.Event.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What happened to one key in one run, as it was recorded: a lane for each caller that asked while the key was fresh.
 * Times are nanoseconds after the first of them asked.
 *
 * @param later callers that asked when all was over; they have no lane
 * @param decided when it was decided who creates, and until when: in the naive run nobody is kept out from the first
 *     creator's look to its set; in the others from the grant of the claim on
 */
record Story(
        Mode mode,
        String key,
        List<Lane> lanes,
        List<Lane> later,
        @Nullable Span decided,
        int rows) {

    /** Callers that ask this much after the last creator ended only see what is there. */
    private static final long AFTERMATH = 1_000_000L;

    record Span(long from, long to) {
        long nanos() {
            return to - from;
        }

        boolean has(long moment) {
            return moment >= from && moment < to;
        }
    }

    /** One caller. The row is its number in the table, or 0 for an answer that is no row. */
    record Lane(int process, int thread, long from, long to, Source source, long row, List<Step> steps) {

        String name() {
            return Names.caller(process, thread);
        }

        @Nullable
        Step first(Kind kind) {
            return steps.stream()
                    .filter(step -> step.kind() == kind)
                    .findFirst()
                    .orElse(null);
        }

        @Nullable
        Step last(Kind kind) {
            return steps.stream()
                    .filter(step -> step.kind() == kind)
                    .reduce((a, b) -> b)
                    .orElse(null);
        }

        boolean created() {
            return first(Kind.CREATE) != null;
        }
    }

    /** One thing that a caller did. */
    record Step(Kind kind, int note, long from, long to, String label) {}

    /** When the last of the lanes ended. */
    long length() {
        return lanes.stream().mapToLong(Lane::to).max().orElse(0);
    }

    /** The key's story; null if one of its callers never got an answer. */
    static @Nullable Story of(Run.Recorded run, List<Event> events, int key) {
        List<Table.Row> rows = run.rows().getOrDefault(key, List.of());
        List<Event> answers = new ArrayList<>();
        for (Schedule.Asker asker : run.schedule().askers(key)) {
            Event answer = events.stream()
                    .filter(event -> event.kind() == Kind.ANSWER
                            && event.process() == asker.process()
                            && event.thread() == asker.thread())
                    .min(Comparator.comparingLong(Event::from))
                    .orElse(null);
            if (answer == null) {
                return null;
            }
            answers.add(answer);
        }
        long zero = answers.stream().mapToLong(Event::from).min().orElseThrow();
        List<Lane> all = answers.stream()
                .sorted(Comparator.comparingLong(Event::from))
                .map(answer -> lane(run.mode(), answer, events, rows, zero))
                .toList();
        long over = all.stream().filter(Lane::created).mapToLong(Lane::to).max().orElse(0) + AFTERMATH;
        return new Story(
                run.mode(),
                Names.key(key),
                all.stream().filter(lane -> lane.from() <= over).toList(),
                all.stream().filter(lane -> lane.from() > over).toList(),
                decided(run.mode(), all),
                rows.size());
    }

    private static Lane lane(Mode mode, Event answer, List<Event> events, List<Table.Row> rows, long zero) {
        Source source = Audit.source(answer);
        List<Step> steps = new ArrayList<>(events.stream()
                .filter(event -> event.process() == answer.process()
                        && event.thread() == answer.thread()
                        && event.from() >= answer.from()
                        && event.to() <= answer.to()
                        && event.kind() != Kind.ANSWER
                        && event.kind() != Kind.CREATING)
                .sorted(Comparator.comparingLong(Event::from))
                .map(event -> new Step(
                        event.kind(), event.note(), event.from() - zero, event.to() - zero, label(mode, event)))
                .toList());
        long from = answer.from() - zero;
        long to = answer.to() - zero;
        if (steps.isEmpty()) {
            // A hit of the naive code leaves one event only, and one who joined another thread's flight did nothing.
            steps.add(
                    source == Source.WAITED
                            ? new Step(Kind.WAIT, Event.YES, from, to, "joins")
                            : new Step(Kind.GET, Event.YES, from, to, "get: found"));
        }
        long row = rows.stream()
                .filter(candidate -> candidate.fingerprint() == answer.record())
                .mapToLong(Table.Row::id)
                .findFirst()
                .orElse(0);
        return new Lane(answer.process(), answer.thread(), from, to, source, row, List.copyOf(steps));
    }

    private static String label(Mode mode, Event event) {
        return switch (event.kind()) {
            case GET ->
                "get: "
                        + switch (event.note()) {
                            case Event.YES -> "found";
                            case Event.HELD -> "claimed";
                            default -> mode == Mode.NAIVE ? "miss" : "nothing";
                        };
            case CLAIM ->
                "claim: "
                        + switch (event.note()) {
                            case Event.YES -> "granted";
                            case Event.HELD -> "held";
                            default -> "refused";
                        };
            case WAIT -> "waits";
            case FIND -> event.note() == Event.YES ? "find: a row" : "find: no row";
            case CREATE -> "create";
            case INSERT -> event.note() == Event.YES ? "insert" : "insert: conflict";
            case SET -> mode == Mode.NAIVE ? "set" : event.note() == Event.YES ? "publish" : "publish: refused";
            default -> event.kind().name();
        };
    }

    private static @Nullable Span decided(Mode mode, List<Lane> lanes) {
        if (mode == Mode.NAIVE) {
            return lanes.stream()
                    .filter(Lane::created)
                    .min(Comparator.comparingLong(Lane::from))
                    .map(lane -> {
                        Step set = Objects.requireNonNull(lane.last(Kind.SET), "a creator sets");
                        return new Span(lane.from(), set.to());
                    })
                    .orElse(null);
        }
        return lanes.stream()
                .filter(Lane::created)
                .map(lane -> lane.last(Kind.CLAIM))
                .filter(Objects::nonNull)
                .map(claim -> new Span(claim.from(), claim.to()))
                .findFirst()
                .orElse(null);
    }
}
