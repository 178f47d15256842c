package dev.getorcreate.proof.processes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.getorcreate.Source;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What many callers of several processes were answered, and what can be said about it. */
final class Answers {

    private record Line(String key, Source source, String value, long count) {}

    private final List<Line> lines = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();

    /** Those of requests that have ended, or end by themselves soon. */
    static Answers of(List<Request> requests) {
        Answers answers = new Answers();
        for (Request request : requests) {
            request.result();
            request.tallied().forEach(answers::add);
        }
        return answers;
    }

    private void add(String line) {
        String[] words = line.split(" ");
        if (words[0].equals("error")) {
            errors.add(line);
        } else {
            lines.add(new Line(words[1], Source.valueOf(words[2]), words[3], Long.parseLong(words[4])));
        }
    }

    long count(Source source) {
        return lines.stream()
                .filter(line -> line.source() == source)
                .mapToLong(Line::count)
                .sum();
    }

    long count() {
        return lines.stream().mapToLong(Line::count).sum();
    }

    Map<String, Long> createdByKey() {
        Map<String, Long> created = new HashMap<>();
        lines.stream()
                .filter(line -> line.source() == Source.CREATED)
                .forEach(line -> created.merge(line.key(), line.count(), Long::sum));
        return created;
    }

    List<String> errors() {
        return errors;
    }

    /** Every answer is the row's value, and nobody was told an error. */
    void assertAllRight(Map<String, String> rows) {
        assertEquals(List.of(), errors, "what callers were thrown");
        assertRowsAnswer(rows);
    }

    /** Whoever was told a value was told the row's. */
    void assertRowsAnswer(Map<String, String> rows) {
        List<Line> wrong = lines.stream()
                .filter(line -> !line.value().equals(rows.get(line.key())))
                .toList();
        assertEquals(List.of(), wrong, "answers that are not their row's");
    }

    /** For where there is no row to compare with: of each key, everybody was told the same. */
    void assertAgreed() {
        assertEquals(List.of(), errors, "what callers were thrown");
        Map<String, String> said = new HashMap<>();
        lines.forEach(line -> said.putIfAbsent(line.key(), line.value()));
        assertAllRight(said);
    }

    @Override
    public String toString() {
        Map<Source, Long> counts = new HashMap<>();
        lines.forEach(line -> counts.merge(line.source(), line.count(), Long::sum));
        return counts.toString();
    }
}
