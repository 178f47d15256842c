package dev.getorcreate.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The watchdog of this JVM: one small shell that reads what it has to clean up from a pipe, and does so when the pipe
 * closes. The pipe closes however this JVM ends, also by {@code kill -9}; a shutdown hook alone would not be run then.
 */
final class Leash {

    // Signals of a Ctrl-C reach the whole process group: the watchdog has to outlive them.
    // A folder may still be written to by a process that is just dying, hence the second and later tries.
    private static final String SCRIPT = """
            trap '' INT HUP TERM
            pids=
            while read -r verb arg; do
              case $verb in
                pid) pids="$pids $arg" ;;
                end) kept=; for p in $pids; do [ "$p" = "$arg" ] || kept="$kept $p"; done; pids=$kept ;;
                dir) set -- "$@" "$arg" ;;
              esac
            done
            for p in $pids; do kill -9 "$p"; done
            for d in "$@"; do
              tries=0
              while [ -e "$d" ] && [ $tries -lt 50 ]; do rm -rf -- "$d" || sleep 0.1; tries=$((tries + 1)); done
            done
            """;

    private static final Leash OF_THIS_JVM = new Leash();

    private final OutputStream pipe;

    private Leash() {
        try {
            Process watchdog = new ProcessBuilder("sh", "-c", SCRIPT, "leash")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            pipe = watchdog.getOutputStream();
        } catch (IOException e) {
            throw new UncheckedIOException("a POSIX shell is needed to start servers and child processes", e);
        }
    }

    /** The process is killed when this JVM ends; to be called right after it was started. */
    static void hold(ProcessHandle process) {
        long pid = process.pid();
        OF_THIS_JVM.say("pid " + pid);
        // Its number may be given to another process once it has ended.
        var unused = process.onExit().thenRun(() -> OF_THIS_JVM.say("end " + pid));
    }

    /** The folder is removed when this JVM ends, after every held process was killed. */
    static void holdFolder(String folder) {
        OF_THIS_JVM.say("dir " + folder);
    }

    private synchronized void say(String line) {
        try {
            pipe.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            pipe.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the watchdog of this JVM has ended", e);
        }
    }
}
