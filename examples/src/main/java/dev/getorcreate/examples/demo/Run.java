package dev.getorcreate.examples.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/** One run: a fresh table, fresh processes, the schedule, perhaps faults; and what was recorded. */
final class Run {

    /** Of schemas and keys. */
    static final String PREFIX = "getorcreate_demo_";

    /** Time for all processes to hear of the start. */
    private static final long HEAD_START = 300_000_000L;

    private static final long PATIENCE_SECONDS = 60;

    private static final int LOG_LINES = 20;

    /** All that was recorded of a run. */
    record Recorded(
            Mode mode,
            Schedule schedule,
            long begin,
            List<Event> events,
            Map<Integer, List<Table.Row>> rows,
            Faults.Log faults,
            Redis.Mark before,
            Redis.Mark after,
            List<String> counters) {}

    private final Mode mode;
    private final Options options;
    private final int seconds;
    private final Servers servers;
    private final Path folder;
    private final String namespace;
    private final Console console;
    private final List<Child> children = new ArrayList<>();

    Run(Mode mode, Options options, int seconds, Servers servers, Path folder, String id, Console console) {
        this.mode = mode;
        this.options = options;
        this.seconds = seconds;
        this.servers = servers;
        this.folder = folder;
        this.namespace = PREFIX + id + "_" + mode.slug();
        this.console = console;
    }

    Recorded play() throws Exception {
        Table table = new Table(servers.postgresUrl(), namespace);
        try (Redis redis = new Redis(servers.redisUrl())) {
            table.create(mode == Mode.CURED);
            try {
                spawn();
                table.forgetWarmUp();
                return conduct(table, redis);
            } finally {
                for (Child child : children) {
                    child.end();
                }
                if (!options.keep()) {
                    table.drop();
                    redis.remove(namespace);
                }
            }
        }
    }

    private void spawn() throws IOException, InterruptedException {
        long startedAt = System.nanoTime();
        for (int process = 0; process < options.processes(); process++) {
            Job job = new Job(
                    mode,
                    process,
                    options.processes(),
                    options.threads(),
                    seconds,
                    options.seed(),
                    servers.redisUrl(),
                    servers.postgresUrl(),
                    namespace,
                    journal(process));
            children.add(new Child(job, folder));
        }
        console.progress("  starting %d processes of %d threads", options.processes(), options.threads());
        for (Child child : children) {
            try {
                child.awaitReady(startedAt);
            } catch (IOException e) {
                throw new IOException(e.getMessage() + log(child), e);
            }
        }
    }

    private Recorded conduct(Table table, Redis redis) throws Exception {
        Redis.Mark before = redis.mark();
        long begin = System.nanoTime() + HEAD_START;
        for (Child child : children) {
            child.tell(Worker.GO + begin);
        }
        FutureTask<Faults.Log> faults = inBackground(() -> mode == Mode.CURED
                ? new Faults(children, redis, servers, namespace, console).wreak(begin, seconds)
                : Faults.Log.NONE);
        watch(begin, faults);
        Redis.Mark after = redis.mark();
        List<String> counters = new ArrayList<>();
        List<Event> events = new ArrayList<>();
        for (Child child : children) {
            child.end();
            if (child.failed()) {
                throw new IOException("process " + (child.number() + 1) + " failed" + log(child));
            }
            counters.add(child.counters());
            events.addAll(Journal.read(journal(child.number()), child.number()));
            Files.delete(journal(child.number()));
        }
        Schedule schedule = new Schedule(options.seed(), options.processes(), options.threads(), seconds);
        return new Recorded(
                mode, schedule, begin, events, table.rows(), faults.get(), before, after, List.copyOf(counters));
    }

    /** Until every process that lives has played its part. */
    private void watch(long begin, FutureTask<Faults.Log> faults) throws Exception {
        while (true) {
            boolean over = faults.isDone();
            for (Child child : children) {
                over &= child.awaitDone(250 / children.size());
            }
            double at = (System.nanoTime() - begin) / 1e9;
            console.progress(
                    "  %5.1f s of %d: %,d requests, %,d creator runs",
                    Math.max(0, at),
                    seconds,
                    children.stream().mapToLong(Child::requests).sum(),
                    children.stream().mapToLong(Child::creatorRuns).sum());
            if (over) {
                faults.get();
                return;
            }
            if (at > seconds + PATIENCE_SECONDS) {
                throw new IOException("the run did not end within " + PATIENCE_SECONDS + " s after its time");
            }
        }
    }

    private static <T> FutureTask<T> inBackground(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "faults");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    private Path journal(int process) {
        return folder.resolve(mode.slug() + "-" + (process + 1) + ".journal");
    }

    /** What it had to say, without the stack traces. */
    private String log(Child child) throws IOException {
        List<String> lines = Files.readAllLines(Child.log(folder, child.number())).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("\t"))
                .toList();
        String end = String.join("\n  ", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
        return end.isEmpty() ? "" : ":\n  " + end;
    }
}
