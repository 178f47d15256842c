package dev.getorcreate.bench;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What one process did in one turn.
 *
 * @param begun of each key when its creator began here, counted from the moment at which all ask; 0: not here
 * @param answered of each thread of each key when it had its answer, or {@link #FAILED}
 */
@SuppressWarnings("ArrayRecordComponent") // read at once; compared by nobody
record StampedePart(int creatorRuns, Map<String, ThreadTimes.Times> byKind, long[] begun, long[] answered) {

    /** Instead of a time: an error, or no answer in {@link StampedeOrder#PATIENCE}. */
    static final long FAILED = -1;

    String line() {
        return String.join(" ", "round", "" + creatorRuns, ThreadTimes.line(byKind), joined(begun), joined(answered));
    }

    static StampedePart of(String line) {
        String[] parts = line.split(" ", -1);
        Map<String, ThreadTimes.Times> byKind = new TreeMap<>();
        ThreadTimes.add(byKind, parts[2]);
        return new StampedePart(Integer.parseInt(parts[1]), byKind, numbers(parts[3]), numbers(parts[4]));
    }

    private static String joined(long[] each) {
        return Arrays.stream(each).mapToObj(Long::toString).collect(Collectors.joining(","));
    }

    private static long[] numbers(String each) {
        return Stream.of(each.split(",", -1)).mapToLong(Long::parseLong).toArray();
    }

    long cpuNanos() {
        return ThreadTimes.sum(byKind).cpuNanos();
    }

    /** For the raw data, and so is {@link #answeredMicros}. */
    long[] begunMicros() {
        return micros(begun);
    }

    long[] answeredMicros() {
        return micros(answered);
    }

    private static long[] micros(long[] nanos) {
        return Arrays.stream(nanos)
                .map(each -> each == FAILED ? FAILED : TimeUnit.NANOSECONDS.toMicros(each))
                .toArray();
    }

    int keys() {
        return begun.length;
    }

    int threads() {
        return answered.length / begun.length;
    }

    long errors() {
        return Arrays.stream(answered).filter(nanos -> nanos == FAILED).count();
    }
}
