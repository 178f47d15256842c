package dev.getorcreate.proof.chaos;

import dev.getorcreate.testkit.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** One run: servers, processes, load, faults, and everything written into a folder. It judges nothing. */
final class Run {

    static final int NAIVE_SECONDS = 3;

    private static final long HEAD_START = 300_000_000L;

    private final Options options;
    private final Path folder;
    private final Consumer<String> out;
    private final Duration aftermath;
    /** By place. */
    private final List<Child> children = new CopyOnWriteArrayList<>();

    private volatile long start;

    Run(Options options, Path folder, Consumer<String> out) {
        this.options = options;
        this.folder = folder;
        this.out = out;
        this.aftermath = Patience.of(options.dense()).aftermath();
    }

    void play() throws Exception {
        // First, and the tables whatever happened: what breaks off, or hangs, is what somebody wants to look at.
        new Facts(
                        options.seed(),
                        options.topology(),
                        options.arbiter(),
                        Player.MAX_STALENESS,
                        aftermath,
                        Patience.longestCall())
                .write(folder);
        try (PostgresServer postgres = PostgresServer.start();
                Topology topology = Topology.start(options.topology(), options.processes(), options.seed());
                FaultLog log = new FaultLog(folder)) {
            DataSource pool = Records.pool(postgres.jdbcUrl());
            Records records = Records.in(pool, Records.TABLE);
            Records naive = Records.in(pool, Records.NAIVE);
            records.create(options.arbiter());
            naive.create(false);
            Pulse pulse = Pulse.start(log::stalled);
            try {
                start(postgres.jdbcUrl(), topology);
                conduct(topology, log);
                end(log);
            } finally {
                pulse.stop();
                children.forEach(Child::close);
                records.writeTo(folder.resolve(History.ROWS));
                naive.writeTo(folder.resolve(History.NAIVE_ROWS));
            }
        }
    }

    private void start(String jdbc, Topology topology) {
        for (int process = 0; process < options.processes(); process++) {
            children.add(Child.start(new Job(
                    process,
                    1,
                    options.processes(),
                    options.threads(),
                    options.seed(),
                    NAIVE_SECONDS,
                    options.seconds(),
                    options.dense(),
                    options.arbiter(),
                    options.topology(),
                    topology.servers(),
                    topology.ways().of(process),
                    jdbc,
                    folder)));
        }
        children.forEach(Child::awaitReady);
    }

    private void conduct(Topology topology, FaultLog log) throws InterruptedException {
        start = System.nanoTime() + HEAD_START;
        children.forEach(child -> child.go(start));
        out.accept("The naive control plays for " + NAIVE_SECONDS + " s, without faults");
        long begin = start + NAIVE_SECONDS * 1_000_000_000L;
        Faults.pause(begin - System.nanoTime());
        out.accept("The cache plays for " + options.seconds() + " s");
        Faults.Told told = (kind, process) -> out.accept("  %5.1f s  %s%s"
                .formatted(
                        (System.nanoTime() - begin) / 1e9,
                        kind,
                        process == Fault.EVERYBODY ? "" : " of process " + process));
        Faults.Pace pace = options.dense() ? Faults.Pace.SELDOM : Faults.Pace.OFTEN;
        new Faults(options.seed(), options.processes(), pace, aftermath.toNanos(), toProcesses(), topology, log, told)
                .commitUntil(begin + options.seconds() * 1_000_000_000L);
    }

    private void end(FaultLog log) throws InterruptedException {
        List<Child> inTime = inTime(children, Child::playedBy, log);
        Faults.pause(aftermath.toNanos());
        log.quiet();
        out.accept("All is quiet; every process reads every key once more");
        inTime.forEach(Child::audit);
        inTime = inTime(inTime, Child::auditedBy, log);
        inTime.forEach(Child::bye);
        inTime(inTime, Child::endedBy, log);
    }

    /** A process of which one call hangs comes to no end: the others go on without it, and the checker is told. */
    private List<Child> inTime(List<Child> all, BiPredicate<Child, Long> step, FaultLog log) {
        long deadline = Child.deadline();
        List<Child> inTime = new ArrayList<>();
        for (Child child : all) {
            if (step.test(child, deadline)) {
                inTime.add(child);
            } else {
                log.overdue(child.job().process(), child.job().life());
                out.accept(Event.who(child.job().process(), child.job().life()) + " hangs; it is judged as it is");
            }
        }
        return inTime;
    }

    private Map<String, Topology.Deed> toProcesses() {
        Map<String, Topology.Deed> all = new LinkedHashMap<>();
        all.put(Fault.KILL, (process, nanos) -> {
            Child victim = children.get(process);
            victim.kill();
            Child heir = Child.start(victim.job().heir());
            children.set(process, heir);
            heir.goWhenReady(start);
        });
        all.put("freeze", (process, nanos) -> {
            Child victim = children.get(process);
            victim.freeze();
            Faults.pause(nanos);
            victim.thaw();
        });
        return all;
    }
}
