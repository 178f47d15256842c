package dev.getorcreate.testkit;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Another process of this Java and this class path, spoken with in lines: what it prints to its standard output can be
 * expected here, what it prints to its standard error is passed on with its name before each line. It ends when its
 * standard input closes, if its main method calls {@link #endWithParent}; and it is killed when this JVM ends.
 *
 * <p>One thread at a time may expect.
 */
public final class ChildJvm implements AutoCloseable {

    private static final Duration GRACE = Duration.ofSeconds(5);

    /** Says that no line will come any more; no line can be this very object. */
    @SuppressWarnings("StringOperationCanBeSimplified") // its identity is the point
    private static final String END = new String("(end of output)");

    private final String name;
    private final Leashed process;
    private final BufferedWriter stdin;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final List<String> skipped = new ArrayList<>();

    private ChildJvm(String name, Leashed process) {
        this.name = name;
        this.process = process;
        this.stdin = process.process().outputWriter(StandardCharsets.UTF_8);
        readLines("stdout", process.process().getInputStream(), lines::add, () -> lines.add(END));
        readLines(
                "stderr",
                process.process().getErrorStream(),
                line -> System.err.println("[" + name + "] " + line),
                () -> {});
    }

    /** Starts {@code main} in a new JVM. */
    public static ChildJvm start(String name, Class<?> main, String... args) {
        return start(name, List.of(), main, args);
    }

    /**
     * Starts {@code main} in a new JVM.
     *
     * @param name stands before the lines of its standard error
     * @param jvmArgs for instance {@code -Xmx64m}
     */
    public static ChildJvm start(String name, List<String> jvmArgs, Class<?> main, String... args) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmArgs);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(args));
        return new ChildJvm(name, Leashed.start(new ProcessBuilder(command)));
    }

    private void readLines(String what, InputStream in, Consumer<String> line, Runnable end) {
        Thread thread = new Thread(
                () -> {
                    try (BufferedReader reader =
                            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
                        reader.lines().forEach(line);
                    } catch (IOException | UncheckedIOException e) {
                        line.accept("(" + what + " broke: " + e.getMessage() + ")");
                    } finally {
                        end.run();
                    }
                },
                "child-" + name + "-" + what);
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * For the main method of a child: from now on this process ends when its standard input closes, as it does when its
     * parent ends, however that ends.
     *
     * @return the lines that the parent sends
     */
    public static BlockingQueue<String> endWithParent() {
        BlockingQueue<String> sent = new LinkedBlockingQueue<>();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Thread thread = new Thread(
                () -> {
                    try (in) {
                        in.lines().forEach(sent::add);
                    } catch (IOException | UncheckedIOException e) {
                        System.err.println("standard input broke: " + e.getMessage());
                    } finally {
                        // Not exit: a hook that hangs would keep the process.
                        Runtime.getRuntime().halt(0);
                    }
                },
                "end-with-parent");
        thread.setDaemon(true);
        thread.start();
        return sent;
    }

    /** Sends one line to its standard input. */
    public synchronized void send(String line) {
        try {
            stdin.write(line);
            stdin.newLine();
            stdin.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("child " + name + " reads no more" + fate(), e);
        }
    }

    /**
     * Waits for a line that the regular expression matches as a whole; lines before it are skipped.
     *
     * @throws AssertionError if the time is over or the child ended, with the lines that came instead
     */
    public String expect(String regex, Duration timeout) {
        Pattern pattern = Pattern.compile(regex);
        return expect(line -> pattern.matcher(line).matches(), "/" + regex + "/", timeout);
    }

    /** As {@link #expect(String, Duration)}, for a condition. */
    public String expect(Predicate<String> condition, Duration timeout) {
        return expect(condition, "a line that fits", timeout);
    }

    private String expect(Predicate<String> condition, String what, Duration timeout) {
        long end = System.nanoTime() + timeout.toNanos();
        try {
            while (true) {
                String line = lines.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
                if (isEnd(line)) {
                    lines.add(END);
                    throw new AssertionError("child " + name + " ended instead of saying " + what + fate() + skipped());
                }
                if (line == null) {
                    throw new AssertionError(
                            "child " + name + " did not say " + what + " within " + timeout + skipped());
                }
                if (condition.test(line)) {
                    skipped.clear();
                    return line;
                }
                skipped.add(line);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for child " + name, e);
        }
    }

    @SuppressWarnings({"ReferenceEquality", "StringEquality"}) // a child may print the same text
    private static boolean isEnd(@Nullable String line) {
        return line == END;
    }

    private String skipped() {
        return "; it said " + skipped;
    }

    private String fate() {
        return process.isAlive() ? "" : " (exit value " + process.process().exitValue() + ")";
    }

    /** Its process number. */
    public long pid() {
        return process.pid();
    }

    /** Whether it has not ended. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Kills it with SIGKILL and waits until it has ended. */
    public void kill() {
        process.kill();
    }

    /** Stops it where it stands (SIGSTOP). */
    public void freeze() {
        process.freeze();
    }

    /** Lets a frozen one go on. */
    public void thaw() {
        process.thaw();
    }

    /** Waits until it has ended by itself and gives its exit value. */
    public int awaitExit(Duration timeout) {
        try {
            if (!process.process().waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new AssertionError("child " + name + " did not end within " + timeout);
            }
            return process.process().exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for child " + name, e);
        }
    }

    /** Closes its standard input, waits a little until it has ended, and kills it otherwise. */
    @Override
    public void close() {
        try {
            stdin.close();
        } catch (IOException e) {
            // It has ended and did not read what was sent: that is what we want here.
        }
        try {
            if (!process.isFrozen() && process.process().waitFor(GRACE.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.kill();
    }
}
