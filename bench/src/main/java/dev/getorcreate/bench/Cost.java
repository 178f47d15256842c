package dev.getorcreate.bench;

import dev.getorcreate.Creator;
import dev.getorcreate.Source;
import dev.getorcreate.testkit.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Redis commands, round trips and Redis memory of one hit, one creation and one wait. */
final class Cost {

    private static final Duration NO_HEARTBEAT = Duration.ofHours(1);
    private static final String PAYLOAD = "x".repeat(100);
    private static final Creator<String, String> CREATOR = key -> PAYLOAD;

    /** In the order of the table. */
    private static final List<String> NAMES = List.of("localHit", "sharedHit", "creating", "waiting");

    /** One line of the table. */
    private record Line(String what, CommandCounts commands, double roundTrips, int keys) {

        double commandsPerKey() {
            return (double) commands.sum() / keys;
        }

        Line less(Line other) {
            return new Line(what, commands.less(other.commands), roundTrips, keys);
        }

        void print() {
            List<String> each = new ArrayList<>();
            commands.calls()
                    .forEach((name, calls) ->
                            each.add(String.format(Locale.ROOT, "%s %.2f", name, calls / (double) keys)));
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %.2f | %.2f | %s |%n",
                    what,
                    roundTrips,
                    commandsPerKey(),
                    each.isEmpty() ? "none" : String.join(", ", each));
        }
    }

    private final RedisServer redis;
    private final int keys;

    private Cost(RedisServer redis, int keys) {
        this.redis = redis;
        this.keys = keys;
    }

    /** {@code [--quick] [--keys N]}. */
    public static void main(String[] args) {
        Quiet.logs();
        Arguments given = new Arguments(args);
        boolean quick = given.flag("--quick");
        int keys = given.count("--keys", quick ? 100 : 1000);
        given.end();
        String before = Machine.load();
        try (RedisServer redis = RedisServer.startOwn();
                CountedProcess one = new CountedProcess(redis, NO_HEARTBEAT);
                CountedProcess other = new CountedProcess(redis, NO_HEARTBEAT)) {
            Cost cost = new Cost(redis, keys);
            one.ask("warm", Source.CREATED, CREATOR);
            other.ask("warm", Source.SHARED, CREATOR); // so that each knows the generation
            Line created = cost.each("a cold key, the creating process", one, "k", Source.CREATED);
            Line local = cost.each("a local hit", one, "k", Source.LOCAL);
            Line shared = cost.each("a shared hit", other, "k", Source.SHARED);
            Line waited = cost.waited(one, other).less(created);
            double heartbeat = cost.heartbeat();
            CostMemory memory = CostMemory.measure(redis, one, other, quick ? 2_000 : 10_000, PAYLOAD);
            System.out.printf("%nAt the start: %s.%nAt the end: %s.%n%n", before, Machine.load());
            System.out.println("| one | round trips | Redis commands, those within scripts included | which |");
            System.out.println("|---|---|---|---|");
            List.of(local, shared, created, waited).forEach(Line::print);
            System.out.printf(
                    Locale.ROOT,
                    "%nApart from these, by time and whatever is asked: %.1f commands a second for each process and cache"
                            + " (a PING, the INFO before it, a GETRANGE of the generation; maxStaleness 2 s).%n%n",
                    heartbeat);
            memory.print();
            end(before, List.of(local, shared, created, waited), heartbeat, memory);
        }
    }

    private Line each(String what, CountedProcess process, String prefix, Source expected) {
        CommandCounts before = CommandCounts.of(redis);
        long sent = process.wire.sent();
        for (int i = 0; i < keys; i++) {
            process.ask(prefix + i, expected, CREATOR);
        }
        double roundTrips = (process.wire.sent() - sent) / (double) keys;
        return new Line(what, CommandCounts.of(redis).since(before), roundTrips, keys);
    }

    /** The creator runs until the other process has looked and gone to sleep. Counts what both cost Redis. */
    private Line waited(CountedProcess one, CountedProcess other) {
        CommandCounts before = CommandCounts.of(redis);
        long sent = other.wire.sent();
        for (int i = 0; i < keys; i++) {
            String key = "w" + i;
            long asleep = other.wire.sent() + 1;
            CountDownLatch creating = new CountDownLatch(1);
            CompletableFuture<Void> creation = CompletableFuture.runAsync(() -> one.ask(key, Source.CREATED, any -> {
                creating.countDown();
                awaitSent(other, asleep);
                return PAYLOAD;
            }));
            awaitLatch(creating);
            other.ask(key, Source.WAITED, CREATOR);
            creation.join();
        }
        double roundTrips = (other.wire.sent() - sent) / (double) keys;
        return new Line(
                "a cold key, a process that waits for it",
                CommandCounts.of(redis).since(before),
                roundTrips,
                keys);
    }

    private static void awaitSent(CountedProcess process, long times) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(300); // no renewal until then
        while (process.wire.sent() < times && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(200));
        }
        Pause.millis(3); // until it has its answer
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            if (!latch.await(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("no creator ran");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Commands a second of a process of which nothing is asked. */
    private double heartbeat() {
        try (CountedProcess idle = new CountedProcess(redis, Duration.ofSeconds(2))) {
            idle.ask("warm", Source.SHARED, CREATOR);
            long from = System.nanoTime();
            CommandCounts before = CommandCounts.of(redis);
            Pause.millis(6000);
            long nanos = System.nanoTime() - from;
            return CommandCounts.of(redis).since(before).sum() / (nanos / 1e9);
        }
    }

    private static void end(String before, List<Line> lines, double heartbeat, CostMemory memory) {
        Map<String, Object> result = new LinkedHashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            result.put(
                    NAMES.get(i),
                    Map.of(
                            "roundTrips", Results.rounded(line.roundTrips()),
                            "commands", Results.rounded(line.commandsPerKey())));
        }
        result.put("heartbeatPerSecond", Results.rounded(heartbeat));
        result.putAll(memory.result());
        Map<String, Object> raw = new LinkedHashMap<>();
        raw.put("machineAtTheStart", before);
        raw.put("result", result);
        raw.put("lines", lines);
        raw.put("memory", memory);
        Results.write("Cost", raw);
        Results.print(result);
    }
}
