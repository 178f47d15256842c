package dev.getorcreate.examples.demo;

import java.io.PrintStream;
import java.util.Locale;

/** What the user sees while things happen. */
final class Console {

    private static final String CLEAR_LINE = "\r\u001b[K";
    private static final long QUIET_NANOS = 5_000_000_000L;

    private final PrintStream out;
    private final boolean terminal;
    private long lastProgress = Long.MIN_VALUE;

    Console(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    boolean colours() {
        return terminal && System.getenv("NO_COLOR") == null;
    }

    synchronized void say(String format, Object... args) {
        if (terminal) {
            out.print(CLEAR_LINE);
        }
        out.println(String.format(Locale.ROOT, format, args));
        out.flush();
    }

    /** Something that happened in a run. */
    void event(long begin, String format, Object... args) {
        say("  %5.1f s  %s", (System.nanoTime() - begin) / 1e9, String.format(Locale.ROOT, format, args));
    }

    /** One line that is written over where that can be, and shown now and then where it cannot. */
    synchronized void progress(String format, Object... args) {
        long now = System.nanoTime();
        if (terminal) {
            out.print(CLEAR_LINE + String.format(Locale.ROOT, format, args));
            out.flush();
        } else if (lastProgress == Long.MIN_VALUE || now - lastProgress >= QUIET_NANOS) {
            lastProgress = now;
            out.println(String.format(Locale.ROOT, format, args));
            out.flush();
        }
    }
}
