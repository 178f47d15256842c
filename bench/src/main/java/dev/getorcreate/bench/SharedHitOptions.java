package dev.getorcreate.bench;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the shared hit is told.
 *
 * @param sizes of values, in bytes
 * @param restMillis that each thread rests before each call, as in a service with little to do: then the processor's
 *     caches have forgotten the way, and threads must be woken; 0: no rest
 * @param recording where each contender's Java Flight Recorder leaves its file; null: none records
 */
record SharedHitOptions(
        List<String> contenders,
        List<Integer> sizes,
        List<Integer> threads,
        int rounds,
        int turnMillis,
        int warmUpMillis,
        int restMillis,
        @Nullable Path recording) {

    static SharedHitOptions of(String[] args) {
        Arguments given = new Arguments(args);
        boolean quick = given.flag("--quick");
        String recording = given.text("--jfr", "");
        SharedHitOptions options = new SharedHitOptions(
                given.some("--contenders", SharedHitContender.NAMES),
                given.counts("--sizes", "100,10000"),
                given.counts("--threads", quick ? "1,64" : "1,16,64"),
                given.count("--rounds", quick ? 3 : 15),
                given.count("--millis", quick ? 400 : 1000),
                quick ? 1500 : 5000,
                given.number("--rest", 0),
                recording.isEmpty() ? null : Path.of(recording));
        given.end();
        return options;
    }
}
