package dev.getorcreate.bench;

import dev.getorcreate.testkit.ChildJvm;
import dev.getorcreate.testkit.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A contender's server and processes. They live for all rounds, as applications do: in a process that has just begun, its
 * compilers are what is measured. Out of its turn they are stopped.
 */
final class Team implements AutoCloseable {

    /**
     * The second: a collection leaves no dead objects standing, as it otherwise does three times of four. The third: the JVM
     * does not wake twenty times a second to write figures for tools, which would count as everybody's.
     */
    private static final List<String> JVM_ARGS =
            List.of("-XX:+UseSerialGC", "-XX:MarkSweepAlwaysCompactCount=1", "-XX:-UsePerfData");

    final String contender;
    final RedisServer redis = RedisServer.startOwn();
    final List<ChildJvm> processes = new ArrayList<>();

    /**
     * Starts them.
     *
     * @param main is given the contender's name, the server's URI, and these arguments
     */
    Team(String contender, int count, Class<?> main, String... args) {
        this.contender = contender;
        List<String> all = new ArrayList<>(List.of(contender, redis.uri()));
        all.addAll(List.of(args));
        try {
            for (int i = 0; i < count; i++) {
                processes.add(ChildJvm.start(contender + i, JVM_ARGS, main, all.toArray(String[]::new)));
            }
            processes.forEach(process -> process.expect("ready", Duration.ofMinutes(1)));
        } catch (Throwable e) { // a process that does not begin is an Error
            close();
            throw e;
        }
    }

    /** Sends the line to all processes, and gives what each answers. */
    List<String> order(String line, Duration atMost) {
        processes.forEach(process -> process.send(line));
        return processes.stream()
                .map(process -> process.expect("round .*", atMost))
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
