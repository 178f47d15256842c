package dev.getorcreate.proof.chaos;

import dev.getorcreate.testkit.Leashed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A history sorted into parts by its keys: all that was written down of a key is in one part, whenever and by whomever it
 * was written. A part fits into memory.
 */
final class KeyParts implements AutoCloseable {

    private static final String ROW = "row";

    private final Path folder;
    private final List<Writer> writers = new ArrayList<>();

    private KeyParts(Path folder) {
        this.folder = folder;
    }

    static KeyParts of(int count) throws IOException {
        KeyParts parts = new KeyParts(Leashed.folder("getorcreate-chaos-parts-"));
        for (int part = 0; part < count; part++) {
            parts.writers.add(Files.newBufferedWriter(parts.file(part)));
        }
        return parts;
    }

    private Path file(int part) {
        return folder.resolve("part-" + part);
    }

    int count() {
        return writers.size();
    }

    /** The part of a key. */
    int of(String key) {
        return Math.floorMod(key.hashCode(), count());
    }

    /** Adds a line that a process wrote down. */
    void event(String key, int process, int life, String line) throws IOException {
        writers.get(of(key)).append(process + " " + life + " ").append(line).append('\n');
    }

    /** Adds a row of the table. */
    void row(Value row) {
        try {
            writers.get(of(row.key())).append(ROW + " ").append(row.toString()).append('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nothing is added any more. */
    void written() throws IOException {
        for (Writer writer : writers) {
            writer.close();
        }
    }

    /** What is known of the keys of a part. */
    Map<String, KeyHistory> read(int part) throws IOException {
        Map<String, List<Value>> rows = new TreeMap<>();
        Map<String, List<Event>> events = new TreeMap<>();
        WholeLines.of(file(part), line -> {
            String[] words = line.split(" ", 3);
            if (words[0].equals(ROW)) {
                Value row = Value.parse(words[1]);
                if (row == null) {
                    throw new IOException("no row: " + line);
                }
                rows.computeIfAbsent(row.key(), key -> new ArrayList<>(1)).add(row);
                events.computeIfAbsent(row.key(), key -> new ArrayList<>());
            } else {
                Event event = Event.parse(words[2], Integer.parseInt(words[0]), Integer.parseInt(words[1]));
                events.computeIfAbsent(event.key(), key -> new ArrayList<>()).add(event);
            }
        });
        Map<String, KeyHistory> keys = new TreeMap<>();
        events.forEach((key, all) -> {
            all.sort(Comparator.comparingLong(Event::at));
            keys.put(key, new KeyHistory(key, rows.getOrDefault(key, List.of()), all));
        });
        return keys;
    }

    @Override
    public void close() {
        Leashed.removeFolder(folder);
    }
}
