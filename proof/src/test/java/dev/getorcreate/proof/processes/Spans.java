package dev.getorcreate.proof.processes;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What one reader saw in the course of time: one span for each run of equal answers. Used by one thread at a time. */
final class Spans {

    /**
     * Equal answers in a row. Times are those of {@link System#nanoTime} when a call began, so they can be compared with
     * another process's on the same machine, and a reader that is kept from running between the answer and its noting
     * makes none look older than it was.
     */
    record Span(String source, String value, long firstNanos, long lastNanos) {

        static Span parse(String text) {
            String[] parts = text.split(",");
            return new Span(parts[0], parts[1], Long.parseLong(parts[2]), Long.parseLong(parts[3]));
        }

        @Override
        public String toString() {
            return source + "," + value + "," + firstNanos + "," + lastNanos;
        }
    }

    /** Fails if a call that was answered with "old" began longer than the bound after the moment. There is no slack. */
    static void assertOldFor(Duration bound, List<Span> seen, long moment) {
        long last = seen.stream()
                .filter(span -> span.value().equals("old"))
                .mapToLong(Span::lastNanos)
                .max()
                .orElseThrow();
        Duration served = Duration.ofNanos(last - moment);
        assertTrue(served.compareTo(bound) <= 0, () -> "the old value was served for " + served + ": " + seen);
    }

    private final List<Span> spans = new ArrayList<>();
    private @Nullable Span last;

    void saw(String source, String value, long beganNanos) {
        Span now = last;
        if (now != null && now.value().equals(value) && now.source().equals(source)) {
            last = new Span(source, value, now.firstNanos(), beganNanos);
            return;
        }
        if (now != null) {
            spans.add(now);
        }
        last = new Span(source, value, beganNanos, beganNanos);
    }

    String text() {
        return Stream.concat(spans.stream(), Stream.ofNullable(last))
                .map(Span::toString)
                .collect(Collectors.joining(" "));
    }
}
