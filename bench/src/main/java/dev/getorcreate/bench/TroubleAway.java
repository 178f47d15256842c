package dev.getorcreate.bench;

import dev.getorcreate.testkit.ChildJvm;
import dev.getorcreate.testkit.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Redis is away for seconds while several processes go on asking at a fixed pace: what is served, and by what. */
final class TroubleAway {

    static final int PROCESSES = 3;

    /** How it goes. */
    enum Fault {
        /** Connections are reset and new ones refused; it comes back empty. */
        KILLED("killed (SIGKILL)"),
        /** Connections stay, nothing is answered; it comes back as it was. */
        SILENT("silent (SIGSTOP)");

        final String words;

        Fault(String words) {
            this.words = words;
        }
    }

    /**
     * How long each part lasts, in seconds.
     *
     * @param warmUp is not counted
     */
    record Times(int warmUp, int before, int away, int after) {}

    private static final Duration SOON = Duration.ofMinutes(1);
    /** A call that began while Redis was away may take its way's every retry. */
    private static final Duration LAST_CALLS = Duration.ofMinutes(3);

    private TroubleAway() {}

    static TroubleAwayReport measure(String way, Fault fault, String jdbcUrl, Times times) {
        System.err.printf("Redis %s for %d s: %s%n", fault.words, times.away, way);
        List<ChildJvm> processes = new ArrayList<>();
        try (RedisServer redis = RedisServer.startOwn()) {
            try {
                for (int i = 0; i < PROCESSES; i++) {
                    processes.add(ChildJvm.start(
                            way + i, List.of("-XX:+UseSerialGC"), TroubleLoad.class, way, redis.uri(), jdbcUrl));
                }
                processes.forEach(process -> process.expect("ready", SOON));
                return run(way, fault, times, redis, processes);
            } finally {
                processes.forEach(ChildJvm::close);
            }
        }
    }

    private static TroubleAwayReport run(
            String way, Fault fault, Times times, RedisServer redis, List<ChildJvm> processes) {
        long start = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(500);
        long going = start + TimeUnit.SECONDS.toNanos(times.warmUp + times.before);
        long coming = going + TimeUnit.SECONDS.toNanos(times.away);
        long end = coming + TimeUnit.SECONDS.toNanos(times.after);
        String prefix = "away-" + way + "-" + fault + "-";
        processes.forEach(process -> process.send(prefix + " " + start + " " + end));
        Pause.until(going);
        if (fault == Fault.KILLED) {
            redis.kill();
        } else {
            redis.freeze();
        }
        Pause.until(coming);
        if (fault == Fault.KILLED) {
            redis.restart();
        } else {
            redis.thaw();
        }
        double back = (System.nanoTime() - start) / 1e6;
        TroubleAwayReport report = new TroubleAwayReport(way, fault, times, back);
        Duration patience = LAST_CALLS.plusSeconds(times.after);
        processes.forEach(process -> {
            report.calls(process.expect("calls .*", patience));
            report.statements(process.expect("statements.*", SOON));
            report.ran(process.expect("ran .*", SOON));
        });
        processes.forEach(process -> process.send("end"));
        return report;
    }
}
