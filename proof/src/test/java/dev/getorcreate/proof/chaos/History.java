package dev.getorcreate.proof.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * All that was written down of a run: the only thing that the checker knows. In memory are the faults and what is no key's;
 * the keys are read one part after the other, so that a history may be long.
 */
final class History implements AutoCloseable {

    static final String ROWS = "records.table";
    static final String NAIVE_ROWS = "naive.table";

    /** What is read at once, in bytes of the history; in memory it is several times that. */
    static final long PART = 8 << 20;

    private static final Pattern FILE = Pattern.compile("process-(\\d+)-(\\d+)\\.history");

    /** Of a table. */
    static final String END = "end";

    private final Facts facts;
    private final FaultLog.Read faults;
    private final KeyParts parts;
    private final List<Event> stalls = new ArrayList<>();
    private final Set<String> ended = new HashSet<>();
    private long began = Long.MAX_VALUE;
    private long naiveDuplicates;

    private History(Facts facts, FaultLog.Read faults, KeyParts parts) {
        this.facts = facts;
        this.faults = faults;
        this.parts = parts;
    }

    static String fileOf(int process, int life) {
        return "process-" + process + "-" + life + ".history";
    }

    /**
     * Reads the files of a folder.
     *
     * @throws IOException if it is none that a run has written, or was not written to its end
     */
    static History read(Path folder) throws IOException {
        return read(folder, PART);
    }

    /**
     * As {@link #read(Path)}.
     *
     * @param part how many bytes are to be read at once
     */
    static History read(Path folder, long part) throws IOException {
        if (!Files.exists(folder.resolve(Facts.FILE))) {
            throw new IOException("no history in " + folder + ": " + Facts.FILE + " is missing");
        }
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.sorted().toList();
        }
        long size = 0;
        for (Path file : files) {
            size += Files.size(file);
        }
        List<String> faults = new ArrayList<>();
        WholeLines.of(folder.resolve(FaultLog.FILE), faults::add);
        History history = new History(
                Facts.read(folder), FaultLog.Read.of(faults), KeyParts.of((int) (1 + size / Math.max(1, part))));
        try {
            for (Path file : files) {
                history.readProcess(file);
            }
            table(folder.resolve(ROWS), history.parts::row);
            Map<String, Integer> naive = new TreeMap<>();
            table(folder.resolve(NAIVE_ROWS), row -> naive.merge(row.key(), 1, Integer::sum));
            history.naiveDuplicates =
                    naive.values().stream().mapToLong(rows -> rows - 1).sum();
            history.parts.written();
            return history;
        } catch (Throwable e) {
            history.close();
            throw e;
        }
    }

    private void readProcess(Path file) throws IOException {
        Matcher name = FILE.matcher(file.getFileName().toString());
        if (!name.matches()) {
            return;
        }
        int process = Integer.parseInt(name.group(1));
        int life = Integer.parseInt(name.group(2));
        WholeLines.of(file, line -> {
            Event.Heading heading = Event.Heading.of(line);
            began = Math.min(began, heading.at());
            if (heading.key().equals(Event.NO_KEY)) {
                ofProcess(Event.parse(line, process, life));
            } else {
                parts.event(heading.key(), process, life, line);
            }
        });
    }

    private void ofProcess(Event event) {
        switch (event.kind()) {
            case STALL -> stalls.add(event);
            case BYE -> ended.add(event.who());
            default -> throw new IllegalStateException("without a key: " + event);
        }
    }

    private static void table(Path file, Consumer<Value> rows) throws IOException {
        boolean[] whole = {false};
        WholeLines.of(file, line -> {
            if (line.equals(END)) {
                whole[0] = true;
                return;
            }
            Value row = Value.parse(line);
            if (row == null || whole[0]) {
                throw new IOException(file + " has a line that is no row: " + line);
            }
            rows.accept(row);
        });
        if (!whole[0]) {
            throw new IOException(file + " was not written to its end");
        }
    }

    Facts facts() {
        return facts;
    }

    List<Fault> faults() {
        return faults.faults();
    }

    /** When everything had recovered, or {@link Long#MAX_VALUE}. */
    long quietAt() {
        return faults.quietAt();
    }

    /** When processes did not get to run. */
    List<Event> stalls() {
        return stalls;
    }

    /** Whether the event's process ended in peace, and not by a kill. */
    boolean saidGoodbye(Event event) {
        return ended.contains(event.who());
    }

    /** Whether nothing excuses that a call of the event's process has no end: it was not killed. */
    boolean livedOn(Event event) {
        return saidGoodbye(event) || overdue().contains(event.who());
    }

    /** The processes that had not come to their end when the run was over, by {@link Event#who()}. */
    Set<String> overdue() {
        return faults.overdue();
    }

    /** The moment of the first event. */
    long began() {
        return began;
    }

    /** How many rows the control made too many. */
    long naiveDuplicates() {
        return naiveDuplicates;
    }

    /** Every key that somebody asked for or that has a row, once each. */
    void forEachKey(Consumer<KeyHistory> judge) throws IOException {
        for (int part = 0; part < parts.count(); part++) {
            parts.read(part).values().forEach(judge);
        }
    }

    /** One of them. */
    KeyHistory key(String key) throws IOException {
        return parts.read(parts.of(key)).getOrDefault(key, new KeyHistory(key, List.of(), List.of()));
    }

    @Override
    public void close() {
        parts.close();
    }
}
