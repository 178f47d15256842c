package dev.getorcreate.bench;

import dev.getorcreate.testkit.ChildJvm;
import dev.getorcreate.testkit.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A process is killed, or frozen, while its creator runs and others wait: how long until all of those are served. */
final class HolderTrouble {

    static final int WAITING_PROCESSES = 3;
    static final int THREADS = 4;
    static final Duration FREEZE = Duration.ofSeconds(10);

    private static final Duration SOON = Duration.ofMinutes(1);
    /** The library's default lease is 2 s, and renewed every third: the trouble comes at any moment of that. */
    private static final int RENEWAL_MILLIS = 667;

    private static final int SETTLING_MILLIS = 500;

    final Samples killed = new Samples();
    final Samples frozen = new Samples();
    /** Creations by those who waited, beyond the one for each key. */
    int extraCreations;

    /** Keys of which not all were told the same record. */
    int differing;

    /** That callers were told; they asked again. */
    int errors;

    private final Random random = new Random(5);
    private final List<ChildJvm> waiting = new ArrayList<>();

    static HolderTrouble measure(int kills, int freezes) {
        HolderTrouble trouble = new HolderTrouble();
        try (RedisServer redis = RedisServer.startOwn()) {
            for (int i = 0; i < WAITING_PROCESSES; i++) {
                trouble.waiting.add(trouble.process(redis, "waiting" + i));
            }
            trouble.waiting.forEach(each -> each.expect("ready", SOON));
            trouble.warm();
            for (int i = 0; i < kills; i++) {
                trouble.kill(redis, "killed" + i);
            }
            for (int i = 0; i < freezes; i++) {
                trouble.freeze(redis, "frozen" + i);
            }
        } finally {
            trouble.waiting.forEach(ChildJvm::close);
        }
        return trouble;
    }

    private ChildJvm process(RedisServer redis, String name) {
        return ChildJvm.start(name, List.of("-XX:+UseSerialGC"), TroubleProcess.class, redis.uri());
    }

    /** The first answer of a JVM loads classes. */
    private void warm() {
        for (int i = 0; i < 5; i++) {
            begin("warm" + i);
            waiting.forEach(each -> each.expect("served .*", SOON));
        }
    }

    private void begin(String key) {
        waiting.forEach(each -> each.send("ask " + key + " " + THREADS));
        waiting.forEach(each -> each.expect("asking", SOON));
    }

    private void kill(RedisServer redis, String key) {
        try (ChildJvm holder = holding(redis, key)) {
            long moment = System.nanoTime();
            holder.kill();
            killed.add(served(key, new TreeSet<>()) - moment);
        }
    }

    private void freeze(RedisServer redis, String key) {
        try (ChildJvm holder = holding(redis, key)) {
            long moment = System.nanoTime();
            holder.freeze();
            Set<String> values = new TreeSet<>();
            frozen.add(served(key, values) - moment);
            sleep(FREEZE.toNanos() - (System.nanoTime() - moment));
            holder.thaw();
            holder.send("release");
            values.add(holder.expect("held .*", SOON).split(" ", 3)[2]);
            differing += values.size() > 1 ? 1 : 0;
        }
    }

    /** A process in its creator, and all others waiting for it. */
    private ChildJvm holding(RedisServer redis, String key) {
        System.out.println("holder: " + key);
        ChildJvm holder = process(redis, "holder");
        try {
            holder.expect("ready", SOON);
            holder.send("hold " + key);
            holder.expect("creating", SOON);
            begin(key);
            sleep(TimeUnit.MILLISECONDS.toNanos(SETTLING_MILLIS + random.nextInt(RENEWAL_MILLIS)));
            return holder;
        } catch (Throwable e) {
            holder.close();
            throw e;
        }
    }

    /** When the last of all was served. */
    private long served(String key, Set<String> values) {
        long last = Long.MIN_VALUE;
        int creations = 0;
        for (ChildJvm each : waiting) {
            String[] served = each.expect("served .*", SOON).split(" ", 5);
            last = Math.max(last, Long.parseLong(served[1]));
            creations += Integer.parseInt(served[2]);
            errors += Integer.parseInt(served[3]);
            values.addAll(List.of(served[4].split("\\|")));
        }
        if (creations == 0) {
            throw new IllegalStateException("'" + key + "' was served by nobody of those who waited");
        }
        extraCreations += creations - 1;
        differing += values.size() > 1 ? 1 : 0;
        return last;
    }

    private static void sleep(long nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }
}
