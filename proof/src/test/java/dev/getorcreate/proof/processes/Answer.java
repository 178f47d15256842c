package dev.getorcreate.proof.processes;

import dev.getorcreate.Source;
import java.time.Duration;

/**
 * An answer of a process's cache; times are of {@link System#nanoTime}, the same clock in all processes of a machine.
 *
 * @param beganNanos when the call began
 * @param endedNanos when it had returned
 */
record Answer(Source source, String value, long beganNanos, long endedNanos) {

    static Answer parse(String text) {
        String[] words = text.split(" ");
        return new Answer(Source.valueOf(words[0]), words[1], Long.parseLong(words[2]), Long.parseLong(words[3]));
    }

    Duration took() {
        return Duration.ofNanos(endedNanos - beganNanos);
    }
}
