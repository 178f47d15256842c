package dev.getorcreate.testkit;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.awaitility.Awaitility;

/** What is logged (through {@code java.util.logging}) from now on, until it is closed. */
public final class CapturedLog extends Handler implements AutoCloseable {

    private final Logger logger;
    private final List<String> lines = new CopyOnWriteArrayList<>();

    /** Of the logger with this name, and of those below it. */
    public CapturedLog(String name) {
        logger = Logger.getLogger(name);
        logger.addHandler(this);
    }

    /** Waits for a line with all these parts. */
    public void awaitLine(String... parts) {
        Awaitility.await("a line with " + List.of(parts) + " in " + lines).until(() -> lines.stream()
                .anyMatch(line -> List.of(parts).stream().allMatch(line::contains)));
    }

    /** What was logged so far. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void publish(LogRecord line) {
        lines.add(String.valueOf(line.getMessage()));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
    }
}
