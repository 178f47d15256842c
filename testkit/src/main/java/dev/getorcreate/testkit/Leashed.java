package dev.getorcreate.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A process that cannot outlive this JVM, however this JVM ends: a watchdog shell kills it when the pipe between the two
 * closes, also if it is frozen. Needs a POSIX shell.
 */
public final class Leashed implements AutoCloseable {

    private static final String LOG = "output.log";

    private final Process process;
    private final @Nullable Path log;
    private volatile boolean frozen;

    private Leashed(Process process, @Nullable Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts a command in the folder; what it prints goes to {@code output.log} there. */
    public static Leashed start(List<String> command, Path workdir) {
        Path log = workdir.resolve(LOG);
        return start(
                new ProcessBuilder(command)
                        .directory(workdir.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile()),
                log);
    }

    /** Starts a process as it was described. */
    public static Leashed start(ProcessBuilder described) {
        return start(described, null);
    }

    private static Leashed start(ProcessBuilder described, @Nullable Path log) {
        try {
            Process process = described.start();
            hold(process.toHandle());
            return new Leashed(process, log);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + described.command().get(0), e);
        }
    }

    /** Puts a process on the leash that somebody else started. */
    public static void hold(ProcessHandle process) {
        Leash.hold(process);
    }

    /** A new temporary folder that is removed at the latest when this JVM has ended, however it ends. */
    public static Path folder(String prefix) {
        try {
            Path folder = Files.createTempDirectory(prefix);
            Leash.holdFolder(folder.toString());
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a temporary folder", e);
        }
    }

    /** Removes a folder and all that is in it; nothing happens if it is gone already. */
    public static void removeFolder(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e) throws IOException {
                    Files.deleteIfExists(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + folder, e);
        }
    }

    /** The process itself. */
    public Process process() {
        return process;
    }

    /** Its number. */
    public long pid() {
        return process.pid();
    }

    /** Whether it has not ended. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** What it printed so far, if that goes to a file of ours. */
    public String output() {
        try {
            return log == null ? "" : Files.readString(log);
        } catch (IOException e) {
            return "(no output: " + e + ")";
        }
    }

    /** Stops it where it stands (SIGSTOP); it keeps its connections and answers nothing once this returns. */
    public void freeze() {
        frozen = true;
        signal("STOP");
        // The signal stops a process only when one of its threads gets to run.
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!hasStopped()) {
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException("process " + pid() + " does not stop");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    /** Lets a frozen one go on (SIGCONT). */
    public void thaw() {
        signal("CONT");
        frozen = false;
    }

    /** Whether it was frozen and not thawed. */
    public boolean isFrozen() {
        return frozen;
    }

    private boolean hasStopped() {
        Path threads = Path.of("/proc", Long.toString(pid()), "task");
        if (!Files.isDirectory(Path.of("/proc/self"))) {
            return true; // no Linux: nothing tells it cheaply
        }
        try (Stream<Path> each = Files.list(threads)) {
            return each.allMatch(Leashed::threadHasStopped);
        } catch (IOException e) {
            throw new IllegalStateException("process " + pid() + " ended when it was to be frozen", e);
        }
    }

    private static boolean threadHasStopped(Path thread) {
        try {
            // The state is the first letter behind the name, which may hold blanks and brackets itself.
            String stat = Files.readString(thread.resolve("stat"), StandardCharsets.ISO_8859_1);
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'T';
        } catch (IOException e) {
            return true; // that thread has ended
        }
    }

    private void signal(String name) {
        try {
            // The shell's own kill: the program of that name is not on every machine.
            Process kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid()).start();
            if (kill.waitFor() != 0) {
                throw new IllegalStateException("cannot send " + name + " to process " + pid() + ": it has ended");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while sending " + name, e);
        }
    }

    /** Kills it (SIGKILL) and waits until it has ended; nothing happens if it has already. */
    public void kill() {
        process.destroyForcibly();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    if (!process.waitFor(10, TimeUnit.SECONDS)) {
                        throw new IllegalStateException("process " + pid() + " does not end");
                    }
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** As {@link #kill}. */
    @Override
    public void close() {
        kill();
    }
}
