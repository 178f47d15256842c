package dev.getorcreate.proof.chaos;

import dev.getorcreate.testkit.ChildJvm;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A {@link Player} as its parent sees it. */
final class Child {

    /** These processes live for seconds, and many start on few cores. A killed one must leave no file behind. */
    private static final List<String> JVM_ARGS = List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-Xshare:auto",
            "-Xmx160m",
            "-Dio.lettuce.core.jfr=false");

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Job job;
    private final ChildJvm jvm;
    /** Of one that took another's place. */
    private final CompletableFuture<@Nullable Void> going = new CompletableFuture<>();

    private Child(Job job) {
        this.job = job;
        this.jvm = ChildJvm.start("process " + job.process(), JVM_ARGS, Player.class, job.toArgs());
    }

    /** Starts it; {@link #awaitReady} waits. */
    static Child start(Job job) {
        return new Child(job);
    }

    void awaitReady() {
        jvm.expect(Player.READY, PATIENCE);
    }

    /** From this moment of {@link System#nanoTime()} on. */
    void go(long start) {
        jvm.send("go " + start);
    }

    /** As soon as it is ready; blocks nobody. */
    void goWhenReady(long start) {
        Thread thread = new Thread(
                () -> {
                    try {
                        awaitReady();
                        go(start);
                        going.complete(null);
                    } catch (Throwable e) {
                        going.completeExceptionally(e); // it may have been killed as well
                    }
                },
                "heir-" + job.process());
        thread.setDaemon(true);
        thread.start();
    }

    void awaitPlayed() {
        if (job.life() > 1) {
            going.join();
        }
        jvm.expect(Player.PLAYED, PATIENCE);
    }

    void audit() {
        jvm.send("audit");
    }

    void awaitAudited() {
        jvm.expect(Player.AUDITED, PATIENCE);
    }

    void bye() {
        jvm.send("bye");
        jvm.awaitExit(PATIENCE);
    }

    void kill() {
        jvm.kill();
    }

    void freeze() {
        jvm.freeze();
    }

    void thaw() {
        jvm.thaw();
    }

    Job job() {
        return job;
    }

    void close() {
        jvm.close();
    }
}
