package dev.getorcreate.proof.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A history that is written by hand, in the very files that a run writes; moments are milliseconds. */
final class Planted {

    static final Duration MAX_STALENESS = Duration.ofMillis(1000);
    static final Duration AFTERMATH = Duration.ofMillis(2000);
    static final Duration LONGEST_CALL = Duration.ofMillis(5000);

    private final boolean arbiter;
    private final Map<Integer, List<String>> lines = new TreeMap<>();
    private final List<String> faults = new ArrayList<>();
    private final List<String> rows = new ArrayList<>();
    private final List<String> naive = new ArrayList<>();
    private final List<Integer> killed = new ArrayList<>();
    private String torn = "";
    private long part = History.PART;

    private Planted(boolean arbiter) {
        this.arbiter = arbiter;
    }

    /** But for a fault, long after all that. */
    static Planted empty(boolean arbiter) {
        return new Planted(arbiter).fault("cut", 1, 60_000, 60_001);
    }

    /**
     * Two callers of two processes race for {@code k}: process 0 creates it, process 1 waits. Later process 0 changes it,
     * and process 1 reads the old version for a while, and then the new one.
     */
    static Planted good(boolean arbiter) {
        Planted good = empty(arbiter).race("k", 100);
        good.at(0, 3000, "CALL 2 k CHANGE")
                .at(0, 3001, "CHANGING 2 k ")
                .at(0, 3002, "COMMITTED 2 k k/0.1/2")
                .at(0, 3003, "INVALIDATING 2 k ")
                .at(0, 3004, "INVALIDATED 2 k CONFIRMED")
                .answered(1, 2, 3500, "k", "LOCAL k/0.1/1")
                .answered(1, 3, 4500, "k", "SHARED k/0.1/2");
        good.rows.add("k/0.1/2");
        return good.naive("n/0.9/1").naive("n/1.9/1");
    }

    Planted faultless() {
        faults.clear();
        return this;
    }

    /** Both ask at once; process 0 creates within 20 ms. */
    Planted race(String key, long from) {
        return at(0, from, "CALL 1 " + key + " OBTAIN")
                .at(1, from + 2, "CALL 1 " + key + " OBTAIN")
                .at(0, from + 5, "CREATING 1 " + key + " 0.1")
                .at(0, from + 15, "CREATED 1 " + key + " 0.1")
                .at(0, from + 16, "INSERTING 1 " + key + " 0.1")
                .at(0, from + 18, "INSERTED 1 " + key + " CREATED " + key + "/0.1/1")
                .at(0, from + 20, "ANSWER 1 " + key + " CREATED " + key + "/0.1/1")
                .at(1, from + 22, "ANSWER 1 " + key + " WAITED " + key + "/0.1/1");
    }

    Planted answered(int process, int call, long from, String key, String answer) {
        return at(process, from, "CALL " + call + " " + key + " OBTAIN")
                .at(process, from + 1, "ANSWER " + call + " " + key + " " + answer);
    }

    Planted at(int process, long millis, String what) {
        lines.computeIfAbsent(process, absent -> new ArrayList<>()).add(line(millis, what));
        return this;
    }

    private static String line(long millis, String what) {
        return millis * 1_000_000 + " " + what;
    }

    /** Changes each line that a process wrote. */
    Planted edit(UnaryOperator<String> how) {
        lines.values().forEach(all -> all.replaceAll(how));
        return this;
    }

    Planted fault(String kind, int process, long from, long to) {
        int number = faults.size() + 1;
        faults.add(line(from, "BEGIN " + number + " " + kind + " " + process));
        faults.add(line(to, "END " + number));
        return this;
    }

    Planted quietAt(long millis) {
        faults.add(line(millis, "QUIET"));
        return this;
    }

    Planted row(String row) {
        rows.add(row);
        return this;
    }

    Planted naive(String row) {
        naive.add(row);
        return this;
    }

    Planted naiveWasLucky() {
        naive.clear();
        return naive("n/0.9/1");
    }

    /** It did not say goodbye, and its last line is what is left of one. */
    Planted killed(int process, String rest) {
        killed.add(process);
        torn = rest;
        return this;
    }

    /** It did not say goodbye when its time had come, and nobody killed it. */
    Planted hanging(int process) {
        faults.add(line(9999, "OVERDUE " + process + " 1"));
        return killed(process, "");
    }

    /** Read in parts of so many bytes. */
    Planted inPartsOf(long bytes) {
        part = bytes;
        return this;
    }

    Verdict check(Path folder) {
        write(folder);
        try (History history = History.read(folder, part)) {
            return Checker.check(history);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void write(Path folder) {
        try {
            new Facts(7, Topology.STANDALONE, arbiter, MAX_STALENESS, AFTERMATH, LONGEST_CALL).write(folder);
            for (Map.Entry<Integer, List<String>> each : lines.entrySet()) {
                boolean dead = killed.contains(each.getKey());
                String last = dead ? torn : line(9999, "BYE 0 - ") + "\n";
                Files.writeString(folder.resolve(History.fileOf(each.getKey(), 1)), joined(each.getValue()) + last);
            }
            Files.writeString(folder.resolve(FaultLog.FILE), joined(faults));
            Files.writeString(folder.resolve(History.ROWS), joined(rows) + "end\n");
            Files.writeString(folder.resolve(History.NAIVE_ROWS), joined(naive) + "end\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String joined(List<String> all) {
        return String.join(
                "", all.stream().flatMap(line -> Stream.of(line, "\n")).toList());
    }
}
