package dev.getorcreate.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.HdrHistogram.Histogram;

/**
 * What one contender did in one turn.
 *
 * @param nanos that the turn took
 * @param redisNanos processor time of the server
 */
record SharedHitTurn(
        long calls,
        long nanos,
        long p50Nanos,
        long p99Nanos,
        long cpuNanos,
        long allocated,
        long redisNanos,
        MachineShare machine) {

    static SharedHitTurn of(Histogram latencies, Spent spent) {
        return new SharedHitTurn(
                latencies.getTotalCount(),
                spent.nanos(),
                latencies.getValueAtPercentile(50),
                latencies.getValueAtPercentile(99),
                spent.cpuNanos(),
                spent.allocated(),
                0,
                MachineShare.UNKNOWN);
    }

    String line() {
        return LongStream.of(calls, nanos, p50Nanos, p99Nanos, cpuNanos, allocated)
                .mapToObj(Long::toString)
                .collect(Collectors.joining(" ", "turn ", ""));
    }

    static SharedHitTurn of(String line, long redisNanos, MachineShare machine) {
        long[] each = Arrays.stream(line.split(" "))
                .skip(1)
                .mapToLong(Long::parseLong)
                .toArray();
        return new SharedHitTurn(each[0], each[1], each[2], each[3], each[4], each[5], redisNanos, machine);
    }

    double perSecond() {
        return calls / (nanos / 1e9);
    }

    /** For the raw data. */
    Map<String, Object> raw() {
        Map<String, Object> raw = new LinkedHashMap<>();
        raw.put("calls", calls);
        raw.put("nanos", nanos);
        raw.put("p50Nanos", p50Nanos);
        raw.put("p99Nanos", p99Nanos);
        raw.put("clientCpuNanos", cpuNanos);
        raw.put("allocatedBytes", allocated);
        raw.put("redisCpuNanos", redisNanos);
        raw.put("processors", machine);
        return raw;
    }
}
