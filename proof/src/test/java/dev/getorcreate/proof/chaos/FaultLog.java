package dev.getorcreate.proof.chaos;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The parent's own file: lines {@code at BEGIN number kind process}, {@code at END number}, {@code at QUIET}, {@code at
 * OVERDUE process life}.
 */
final class FaultLog implements AutoCloseable {

    static final String FILE = "faults.history";

    private final OutputStream out;
    private final AtomicLong last = new AtomicLong();

    FaultLog(Path folder) throws IOException {
        this.out = Files.newOutputStream(folder.resolve(FILE));
    }

    /** To be called before the fault begins; gives its number. */
    long begin(String kind, int process) {
        return beginAt(System.nanoTime(), kind, process);
    }

    private long beginAt(long at, String kind, int process) {
        long number = last.incrementAndGet();
        write(at + " BEGIN " + number + " " + kind + " " + process);
        return number;
    }

    /** To be called after it has ended. */
    void end(long number) {
        write(System.nanoTime() + " END " + number);
    }

    /** One that is over. */
    void stalled(long nanos) {
        end(beginAt(System.nanoTime() - nanos, Fault.STALL, Fault.EVERYBODY));
    }

    /** All faults are over, for so long that everybody must have recovered. */
    void quiet() {
        write(System.nanoTime() + " QUIET");
    }

    /** This process lives, and has not come to its end in time. */
    void overdue(int process, int life) {
        write(System.nanoTime() + " OVERDUE " + process + " " + life);
    }

    private synchronized void write(String line) {
        try {
            out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("the faults cannot be written down", e);
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    /**
     * The lines of a file.
     *
     * @param faults in the order in which they began; one without an end lasts for ever
     * @param overdue as {@link Event#who(int, int)} names them
     */
    record Read(List<Fault> faults, long quietAt, Set<String> overdue) {

        static Read of(List<String> lines) {
            Map<String, Fault> faults = new TreeMap<>();
            Set<String> overdue = new LinkedHashSet<>();
            long quietAt = Long.MAX_VALUE;
            for (String line : lines) {
                String[] words = line.split(" ");
                long at = Long.parseLong(words[0]);
                switch (words[1]) {
                    case "BEGIN" ->
                        faults.put(words[2], new Fault(words[3], Integer.parseInt(words[4]), at, Long.MAX_VALUE));
                    case "END" ->
                        faults.computeIfPresent(
                                words[2],
                                (number, fault) -> new Fault(fault.kind(), fault.process(), fault.from(), at));
                    case "OVERDUE" -> overdue.add(Event.who(Integer.parseInt(words[2]), Integer.parseInt(words[3])));
                    default -> quietAt = at;
                }
            }
            return new Read(
                    faults.values().stream()
                            .sorted(Comparator.comparingLong(Fault::from))
                            .toList(),
                    quietAt,
                    overdue);
        }
    }
}
