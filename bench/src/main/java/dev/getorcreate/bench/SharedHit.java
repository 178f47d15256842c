package dev.getorcreate.bench;

import dev.getorcreate.testkit.ChildJvm;
import dev.getorcreate.testkit.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * One hit on a record that is in Redis and not in the process, beside a raw {@code GET}.
 *
 * <p>Each contender has a process of its own, which sleeps while another has its turn: in one process they would share
 * the profile of the classes that all of them use (Lettuce's and Netty's), as they do in no application, and the
 * processor time could not be told apart. Turns are short and go round, so that what else the machine does hits all
 * alike; a ratio is of two turns of the same round.
 */
final class SharedHit {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final SharedHitOptions options;
    private final RedisServer redis;
    private final Map<String, ChildJvm> processes = new LinkedHashMap<>();

    private SharedHit(SharedHitOptions options, RedisServer redis) {
        this.options = options;
        this.redis = redis;
    }

    /** See {@link SharedHitOptions}; {@code --quick}: shorter turns and fewer of them. */
    public static void main(String[] args) {
        Quiet.logs();
        Results.print(run("SharedHit", args));
    }

    /**
     * The ratios of our hits to a raw GET, after the tables were printed.
     *
     * @param as names the raw data and the picture
     */
    static Map<String, Object> run(String as, String... args) {
        SharedHitOptions options = SharedHitOptions.of(args);
        SharedHitReport report = new SharedHitReport(options, Machine.load());
        try (RedisServer redis = RedisServer.startOwn()) {
            SharedHit bench = new SharedHit(options, redis);
            Unfinished.measure(() -> bench.measure(report, as), report::tables);
        }
        return report.end(as);
    }

    private void measure(SharedHitReport report, String as) {
        try {
            start();
            warmUp();
            for (int size : options.sizes()) {
                for (int threads : options.threads()) {
                    SharedHitCell cell = SharedHitCell.empty(size, threads, options.contenders());
                    report.add(cell);
                    rounds(cell, () -> report.soFar(as));
                }
            }
            end();
        } finally {
            processes.values().forEach(ChildJvm::close);
        }
    }

    private void start() {
        String sizes = options.sizes().stream().map(String::valueOf).collect(Collectors.joining(","));
        for (String contender : options.contenders()) {
            List<String> jvm = new ArrayList<>(List.of("-XX:+UseSerialGC", "-Xms256m", "-Xmx256m"));
            if (options.recording() != null) {
                jvm.add("-XX:StartFlightRecording=settings=profile,dumponexit=true,filename="
                        + options.recording().resolve(contender + ".jfr"));
            }
            ChildJvm process = ChildJvm.start(contender, jvm, SharedHitProcess.class, contender, redis.uri(), sizes);
            processes.put(contender, process);
            process.expect("ready", PATIENCE);
        }
    }

    /** Lets them end by themselves, so that a recording is written. */
    private void end() {
        processes.values().forEach(process -> process.send("end"));
        processes.values().forEach(process -> process.awaitExit(PATIENCE));
    }

    private void warmUp() {
        for (int threads : options.threads()) {
            for (int size : options.sizes()) {
                options.contenders().forEach(contender -> turn(contender, size, threads, options.warmUpMillis(), 0));
            }
        }
    }

    private void rounds(SharedHitCell cell, Runnable afterEach) {
        int size = cell.size();
        int threads = cell.threads();
        int count = options.contenders().size();
        for (int round = 0; round < options.rounds(); round++) {
            Map<String, SharedHitTurn> turns = new LinkedHashMap<>();
            for (int place = 0; place < count; place++) {
                String contender = options.contenders().get((round + place) % count); // nobody is always first
                turns.put(contender, turn(contender, size, threads, options.turnMillis(), options.restMillis()));
            }
            cell.add(turns);
            afterEach.run();
            System.out.printf("%d bytes, %d threads: round %d of %d%n", size, threads, round + 1, options.rounds());
        }
    }

    private SharedHitTurn turn(String contender, int size, int threads, int millis, int restMillis) {
        ChildJvm process = Objects.requireNonNull(processes.get(contender));
        CommandCounts before = CommandCounts.of(redis);
        long cpu = Info.cpuNanos(redis);
        MachineTimes machine = MachineTimes.now();
        process.send(size + " " + threads + " " + millis + " " + restMillis);
        String line = process.expect("turn .*", PATIENCE);
        MachineShare share = MachineTimes.now().since(machine);
        SharedHitTurn turn = SharedHitTurn.of(line, Info.cpuNanos(redis) - cpu, share);
        long gets = CommandCounts.of(redis).since(before).count("get");
        if (gets != turn.calls()) {
            throw new IllegalStateException(contender + " answered " + turn.calls() + " calls with " + gets
                    + " GETs: these are no shared hits");
        }
        return turn;
    }
}
