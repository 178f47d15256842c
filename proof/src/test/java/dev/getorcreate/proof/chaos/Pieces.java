package dev.getorcreate.proof.chaos;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What came of the pieces of a long run: a line of JSON for each that was played and judged to its end. A piece whose line
 * is not there, or not whole, was cut off, and is played anew.
 */
final class Pieces implements AutoCloseable {

    static final String FILE = "pieces.jsonl";

    private static final String SEED_FILE = "seed";
    private static final String LOCK = "lock";

    /** What is no sum: how a piece was set up. */
    private static final Set<String> SETUP = Set.of("piece", "seed", "processes", "threads");

    private final FileChannel lock;
    private final FileChannel file;
    private final long seed;
    private final List<Map<String, Object>> all = new ArrayList<>();

    private Pieces(FileChannel lock, FileChannel file, long seed) {
        this.lock = lock;
        this.file = file;
        this.seed = seed;
    }

    /**
     * Goes on with those of a folder, or begins there.
     *
     * @param wished the seed, if one was named: the folder's own, if it has one
     * @param drawn the seed otherwise
     */
    static Pieces in(Path folder, @Nullable Long wished, long drawn) throws IOException {
        Files.createDirectories(folder);
        // A file of its own: whoever closes a file loses what he had locked of it.
        FileChannel lock = open(folder.resolve(LOCK));
        FileChannel file = open(folder.resolve(FILE));
        try {
            if (!locked(lock)) {
                throw new IOException("another run is writing into " + folder);
            }
            Pieces pieces = new Pieces(lock, file, seedOf(folder, wished, drawn));
            pieces.read(folder.resolve(FILE));
            return pieces;
        } catch (Throwable e) {
            file.close();
            lock.close();
            throw e;
        }
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private static boolean locked(FileChannel lock) throws IOException {
        try {
            return lock.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false; // by this JVM
        }
    }

    private static long seedOf(Path folder, @Nullable Long wished, long drawn) throws IOException {
        Path kept = folder.resolve(SEED_FILE);
        if (Files.exists(kept)) {
            long seed = Long.parseLong(Files.readString(kept).trim());
            if (wished != null && wished != seed) {
                throw new IllegalArgumentException(folder + " belongs to a run with the seed " + seed);
            }
            return seed;
        }
        long seed = wished == null ? drawn : wished;
        Files.writeString(kept, seed + "\n");
        return seed;
    }

    private void read(Path path) throws IOException {
        long[] whole = {0};
        WholeLines.of(path, line -> {
            all.add(Json.read(line));
            whole[0] += line.getBytes(StandardCharsets.UTF_8).length + 1;
        });
        file.truncate(whole[0]);
        file.position(whole[0]);
    }

    /** The number of the next, from 1. */
    int next() {
        return all.size() + 1;
    }

    long seed() {
        return seed;
    }

    /** The seed of the next. */
    long nextSeed() {
        return new SplittableRandom(seed + 0x9E3779B97F4A7C15L * next()).nextLong() >>> 1;
    }

    /** The next was played and judged. */
    void add(Options options, Map<String, Object> result) throws IOException {
        Map<String, Object> piece = new LinkedHashMap<>();
        piece.put("piece", next());
        piece.put("processes", options.processes());
        piece.put("threads", options.threads());
        piece.put("seconds", options.seconds());
        piece.putAll(result);
        file.write(StandardCharsets.UTF_8.encode(Json.write(piece) + "\n"));
        file.force(true);
        all.add(piece);
    }

    /** Of a number that each has. */
    long sumOf(String name) {
        return sumOf(all, name);
    }

    /** All of them together. */
    Map<String, Object> sum() {
        Map<String, Object> sum = new LinkedHashMap<>();
        Map<String, Long> faults = new TreeMap<>();
        List<Map<String, Object>> without = all.stream()
                .filter(piece -> Boolean.FALSE.equals(piece.get("arbiter")))
                .toList();
        sum.put("seed", seed);
        sum.put("pieces", all.size());
        sum.put("piecesWithoutArbiter", without.size());
        for (Map<String, Object> piece : all) {
            piece.forEach((name, value) -> {
                if (value instanceof Number && !SETUP.contains(name)) {
                    sum.put(name, sumOf(all, name));
                } else if (value instanceof Map<?, ?> ofPiece) {
                    ofPiece.forEach((kind, times) ->
                            faults.merge(String.valueOf(kind), ((Number) times).longValue(), Long::sum));
                }
            });
        }
        sum.put("contestedWithoutArbiter", sumOf(without, "contested"));
        sum.put("faults", faults);
        return sum;
    }

    private static long sumOf(List<Map<String, Object>> pieces, String name) {
        return pieces.stream()
                .mapToLong(piece -> piece.get(name) instanceof Number number ? number.longValue() : 0)
                .sum();
    }

    @Override
    public void close() throws IOException {
        file.close();
        lock.close();
    }
}
