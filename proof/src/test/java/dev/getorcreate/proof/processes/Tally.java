package dev.getorcreate.proof.processes;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** Counts answers by key, source and value, in the child; several threads count. */
final class Tally {

    private final Map<String, LongAdder> answers = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> errors = new ConcurrentHashMap<>();

    void answered(String key, String source, String value) {
        answers.computeIfAbsent(key + " " + source + " " + value, absent -> new LongAdder())
                .increment();
    }

    void failed(Throwable error) {
        errors.computeIfAbsent(String.valueOf(error).replace('\n', ' '), absent -> new LongAdder())
                .increment();
    }

    /** One line each: {@code answer KEY SOURCE VALUE COUNT} and {@code error COUNT TEXT}. */
    void tell(Consumer<String> line) {
        answers.forEach((answer, count) -> line.accept("answer " + answer + " " + count));
        errors.forEach((error, count) -> line.accept("error " + count + " " + error));
    }
}
