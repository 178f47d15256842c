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

    /** For all of them together, from now on: when a {@link System#nanoTime()} at which one is overdue has come. */
    static long deadline() {
        return System.nanoTime() + PATIENCE.toNanos();
    }

    /** Whether it has played by then. One that has not lives, and hangs. */
    boolean playedBy(long deadline) {
        if (job.life() > 1) {
            going.join(); // one that never began has made no call, and is a run that broke off
        }
        return saidBy(Player.PLAYED, deadline);
    }

    /**
     * Whether it has said so by then.
     *
     * @throws AssertionError if it has ended instead
     */
    private boolean saidBy(String what, long deadline) {
        try {
            jvm.expect(what, Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
            return true;
        } catch (AssertionError e) {
            if (System.nanoTime() - deadline < 0 || !jvm.isAlive()) {
                throw e;
            }
            return false;
        }
    }

    void audit() {
        jvm.send("audit");
    }

    /** As {@link #playedBy}. */
    boolean auditedBy(long deadline) {
        return saidBy(Player.AUDITED, deadline);
    }

    void bye() {
        jvm.send("bye");
    }

    /** As {@link #playedBy}. */
    boolean endedBy(long deadline) {
        try {
            jvm.awaitExit(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
            return true;
        } catch (AssertionError e) {
            return false;
        }
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
