package dev.getorcreate.bench;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What one process did in one turn.
 *
 * @param begun of each key when its creator began here, counted from the moment at which all ask; 0: not here
 * @param answered of each thread of each key when it had its answer
 */
@SuppressWarnings("ArrayRecordComponent") // read at once; compared by nobody
record StampedeTurn(
        int creatorRuns, long cpuNanos, Map<String, ThreadTimes.Times> byKind, long[] begun, long[] answered) {

    static StampedeTurn of(String line) {
        String[] parts = line.split(" ", -1);
        Map<String, ThreadTimes.Times> byKind = new TreeMap<>();
        ThreadTimes.add(byKind, parts[3]);
        return new StampedeTurn(
                Integer.parseInt(parts[1]), Long.parseLong(parts[2]), byKind, numbers(parts[4]), numbers(parts[5]));
    }

    private static long[] numbers(String each) {
        return Stream.of(each.split(",", -1)).mapToLong(Long::parseLong).toArray();
    }

    int threads() {
        return answered.length / begun.length;
    }
}
