package dev.getorcreate.proof.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * All that was written down of a run: the only thing that the checker knows.
 *
 * @param events in the order of their moments
 * @param quietAt when everything had recovered, or {@link Long#MAX_VALUE}
 * @param rows by key, the oldest first
 * @param naiveRows the control's
 */
record History(
        Facts facts,
        List<Event> events,
        List<Fault> faults,
        long quietAt,
        Map<String, List<Value>> rows,
        Map<String, List<Value>> naiveRows) {

    static final String ROWS = "records.table";
    static final String NAIVE_ROWS = "naive.table";

    private static final Pattern FILE = Pattern.compile("process-(\\d+)-(\\d+)\\.history");

    static String fileOf(int process, int life) {
        return "process-" + process + "-" + life + ".history";
    }

    /**
     * Reads the files of a folder.
     *
     * @throws IOException if it is none that a run has written, or was not written to its end
     */
    static History read(Path folder) throws IOException {
        if (!Files.exists(folder.resolve(Facts.FILE))) {
            throw new IOException("no history in " + folder + ": " + Facts.FILE + " is missing");
        }
        List<Event> events = new ArrayList<>();
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.toList();
        }
        for (Path file : files) {
            Matcher name = FILE.matcher(file.getFileName().toString());
            if (name.matches()) {
                int process = Integer.parseInt(name.group(1));
                int life = Integer.parseInt(name.group(2));
                wholeLines(file).forEach(line -> events.add(Event.parse(line, process, life)));
            }
        }
        events.sort(Comparator.comparingLong(Event::at));
        FaultLog.Read faults = FaultLog.Read.of(wholeLines(folder.resolve(FaultLog.FILE)));
        return new History(
                Facts.read(folder),
                events,
                faults.faults(),
                faults.quietAt(),
                table(folder.resolve(ROWS)),
                table(folder.resolve(NAIVE_ROWS)));
    }

    /** A process that is killed may leave a line without its end: that one did not happen. */
    private static List<String> wholeLines(Path file) throws IOException {
        String text = Files.readString(file);
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }

    private static Map<String, List<Value>> table(Path file) throws IOException {
        Map<String, List<Value>> rows = new TreeMap<>();
        List<String> lines = wholeLines(file);
        if (lines.isEmpty() || !lines.get(lines.size() - 1).equals("end")) {
            throw new IOException(file + " was not written to its end");
        }
        for (String line : lines.subList(0, lines.size() - 1)) {
            Value row = Value.parse(line);
            if (row == null) {
                throw new IOException(file + " has a line that is no row: " + line);
            }
            rows.computeIfAbsent(row.key(), key -> new ArrayList<>()).add(row);
        }
        return rows;
    }

    static void writeTable(Path file, List<Value> rows) throws IOException {
        StringBuilder text = new StringBuilder();
        rows.forEach(row -> text.append(row).append('\n'));
        Files.writeString(file, text.append("end\n"));
    }

    List<Value> rowsOf(String key) {
        return rows.getOrDefault(key, List.of());
    }
}
