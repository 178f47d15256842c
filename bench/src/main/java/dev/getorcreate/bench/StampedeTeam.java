package dev.getorcreate.bench;

import dev.getorcreate.testkit.ChildJvm;
import dev.getorcreate.testkit.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A contender's server and processes. They live for all rounds, as applications do: in a process that has just begun, its
 * compilers are what is measured. Out of its turn they are stopped.
 */
final class StampedeTeam implements AutoCloseable {

    private static final long WARM_GAP = TimeUnit.MILLISECONDS.toNanos(3);

    final String contender;
    final RedisServer redis = RedisServer.startOwn();
    final List<ChildJvm> processes = new ArrayList<>();

    StampedeTeam(String contender, int count) {
        this.contender = contender;
        try {
            for (int i = 0; i < count; i++) {
                processes.add(ChildJvm.start(
                        contender + i, List.of("-XX:+UseSerialGC"), StampedeProcess.class, contender, redis.uri()));
            }
            processes.forEach(process -> process.expect("ready", Duration.ofMinutes(1)));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** The same at a quicker pace, and with a creator that takes no time. */
    void warmUp(StampedeOptions options) {
        Duration time = Duration.ofSeconds(options.warmUp());
        play("warm", (int) (time.toNanos() / WARM_GAP), options.threads(), 0, WARM_GAP, time);
    }

    /** All threads of all processes ask for one key after the other. Gives each process' answer. */
    List<String> play(String prefix, int keys, int threads, int creatorMillis, long gapNanos, Duration atMost) {
        long start = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(500);
        long end = start + atMost.toNanos();
        String order =
                prefix + " " + keys + " " + threads + " " + creatorMillis + " " + start + " " + gapNanos + " " + end;
        processes.forEach(process -> process.send(order));
        return processes.stream()
                .map(process -> process.expect("round .*", atMost.plusMinutes(1)))
                .toList();
    }

    /** Stops its processes, so that they take nothing from whoever has the turn. */
    void rest() {
        processes.forEach(ChildJvm::freeze);
    }

    void rise() {
        processes.forEach(ChildJvm::thaw);
    }

    void end() {
        processes.forEach(process -> process.send("end"));
    }

    @Override
    public void close() {
        processes.forEach(ChildJvm::close);
        redis.close();
    }
}
