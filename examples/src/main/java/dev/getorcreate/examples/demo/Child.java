package dev.getorcreate.examples.demo;

import dev.getorcreate.testkit.Leashed;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A worker process, as its parent sees it. */
final class Child {

    private static final List<String> FLAGS = List.of(
            "-Xms64m",
            "-Xmx256m",
            "-XX:+UseSerialGC",
            // Its file in the temporary folder would outlive a kill.
            "-XX:-UsePerfData",
            "-Xshare:auto");

    /** Cold JVMs on a busy machine take their time. */
    private static final int READY_SECONDS = 180;

    private final int number;
    private final Leashed process;
    private final Writer orders;
    private final CountDownLatch ready = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);
    private final CountDownLatch inside = new CountDownLatch(1);
    private volatile long readyAt;
    private volatile long requests;
    private volatile long creatorRuns;
    private volatile String counters = "";
    private volatile @Nullable String insideKey;
    private volatile boolean killed;

    Child(Job job, Path folder) throws IOException {
        this.number = job.process();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Worker.class.getName()));
        this.process = Leashed.start(new ProcessBuilder(command)
                .redirectError(Redirect.appendTo(log(folder, number).toFile())));
        this.orders = new OutputStreamWriter(process.process().getOutputStream(), StandardCharsets.UTF_8);
        Thread reader = new Thread(this::read, "child-" + number);
        reader.setDaemon(true);
        reader.start();
        tell(Worker.JOB + job.toLine());
    }

    static Path log(Path folder, int number) {
        return folder.resolve("process-" + (number + 1) + ".log");
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.process().getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                heard(line);
            }
        } catch (IOException e) {
            // The pipe of a killed process; what matters is that it is over.
        } finally {
            ready.countDown();
            done.countDown();
            inside.countDown();
        }
    }

    private void heard(String line) {
        if (line.startsWith(Worker.TICK)) {
            int blank = line.indexOf(' ', Worker.TICK.length());
            requests = Long.parseLong(line.substring(Worker.TICK.length(), blank));
            creatorRuns = Long.parseLong(line.substring(blank + 1));
        } else if (line.startsWith(Worker.READY)) {
            readyAt = Long.parseLong(line.substring(Worker.READY.length()));
            ready.countDown();
        } else if (line.startsWith(Worker.INSIDE)) {
            insideKey = line.substring(Worker.INSIDE.length());
            inside.countDown();
        } else if (line.startsWith(Worker.DONE)) {
            counters = line.substring(Worker.DONE.length());
            done.countDown();
        }
    }

    /** Blocks until the worker is warm; its clock must be this process's, or nothing could be compared. */
    void awaitReady(long startedAt) throws IOException, InterruptedException {
        if (!ready.await(READY_SECONDS, TimeUnit.SECONDS) || readyAt == 0) {
            throw new IOException("process " + (number + 1) + " did not get ready");
        }
        if (readyAt < startedAt || readyAt > System.nanoTime()) {
            throw new IOException("the processes of this machine do not share one monotonic clock");
        }
    }

    /** Waits until the worker is inside its creator, and says of which key; null if that never came. */
    @Nullable
    String awaitInside(long seconds) throws InterruptedException {
        return inside.await(seconds, TimeUnit.SECONDS) ? insideKey : null;
    }

    /** Waits until the worker has played its part, or is dead; false after this time. */
    boolean awaitDone(long millis) throws InterruptedException {
        return done.await(millis, TimeUnit.MILLISECONDS);
    }

    void tell(String order) throws IOException {
        orders.write(order + "\n");
        orders.flush();
    }

    /** {@code kill -9}. */
    void kill() {
        killed = true;
        process.kill();
    }

    /** {@code SIGSTOP}. */
    void freeze() {
        process.freeze();
    }

    /** {@code SIGCONT}. */
    void thaw() {
        process.thaw();
    }

    /** Lets it go in peace, and makes sure that it is gone. */
    void end() throws InterruptedException {
        if (process.isAlive()) {
            try {
                // Its standard input stays open: at its end it would not even close its connections.
                tell(Worker.BYE);
            } catch (IOException e) {
                // It died meanwhile: that is seen below.
            }
        }
        if (!process.process().waitFor(20, TimeUnit.SECONDS)) {
            process.kill();
        }
    }

    /** Whether it died of itself, or with an error. */
    boolean failed() {
        return !killed && !process.isAlive() && process.process().exitValue() != 0;
    }

    int number() {
        return number;
    }

    boolean killed() {
        return killed;
    }

    long requests() {
        return requests;
    }

    long creatorRuns() {
        return creatorRuns;
    }

    String counters() {
        return counters;
    }
}
