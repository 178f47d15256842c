package dev.getorcreate.proof.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever ends a long run, each of its pieces is counted once. */
class PiecesTest {

    private static final int CONTESTED = 100;

    @TempDir
    private Path folder;

    private final List<Long> seeds = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private int cutOffAt = -1;
    private int violatedAt = -1;

    private Map<String, Object> piece(Options options) {
        seeds.add(options.seed());
        if (seeds.size() == cutOffAt) {
            throw new CancellationException("cut off");
        }
        return Map.of(
                "seed",
                options.seed(),
                "arbiter",
                options.arbiter(),
                "contested",
                CONTESTED,
                "violations",
                seeds.size() == violatedAt ? 1 : 0,
                "faults",
                Map.of("cut", 2, options.arbiter() ? "kill" : "freeze", 1));
    }

    private boolean play(String... options) throws Exception {
        List<String> line = new ArrayList<>(List.of("--into", folder.toString()));
        line.addAll(List.of(options));
        return new LongRun(this::piece, told::add).play(Options.parse(line, 5), folder);
    }

    private Map<String, Object> result() {
        return Json.read(told.get(told.size() - 1).substring("RESULT ".length()));
    }

    @Test
    void piecesArePlayedUntilThereAreEnoughContestedCreationsEachWithASeedOfItsOwn() throws Exception {
        assertTrue(play("--contested", "250"));
        assertEquals(3, seeds.stream().distinct().count());
        assertTrue(play("--contested", "250"));
        assertEquals(3, seeds.size());
        assertEquals(300, result().get("contested"));
    }

    @Test
    void theSumIsThatOfAllCalls() throws Exception {
        play("--contested", "1000", "--pieces", "2");
        play("--contested", "1000", "--pieces", "1", "--no-arbiter");
        assertEquals(3, result().get("pieces"));
        assertEquals(1, result().get("piecesWithoutArbiter"));
        assertEquals(300, result().get("contested"));
        assertEquals(100, result().get("contestedWithoutArbiter"));
        assertEquals(Map.of("cut", 6, "kill", 2, "freeze", 1), result().get("faults"));
        assertEquals(90, result().get("seconds"));
    }

    @Test
    void aPieceThatWasCutOffIsPlayedAnewAndCountedOnce() throws Exception {
        cutOffAt = 2;
        assertThrows(CancellationException.class, () -> play("--contested", "250"));
        assertTrue(play("--contested", "250"));
        assertEquals(4, seeds.size());
        assertEquals(seeds.get(1), seeds.get(2));
        assertEquals(300, result().get("contested"));
        assertEquals(3, result().get("pieces"));
    }

    /** A run that is killed may leave a line without its end. */
    @Test
    void aResultThatIsTornIsNone() throws Exception {
        play("--contested", "200");
        Path file = folder.resolve(Pieces.FILE);
        String whole = Files.readString(file);
        Files.writeString(file, "{\"piece\":3,\"contested\":100,", StandardOpenOption.APPEND);
        assertTrue(play("--contested", "300"));
        assertEquals(3, seeds.size());
        assertEquals(300, result().get("contested"));
        assertTrue(Files.readString(file).startsWith(whole + "{\"piece\":3,\"processes\""), Files.readString(file));
    }

    @Test
    void aViolationEndsTheRunAndIsNeverForgotten() throws Exception {
        violatedAt = 2;
        assertFalse(play("--contested", "1000"));
        assertEquals(2, seeds.size());
        assertFalse(play("--contested", "1000", "--pieces", "1"));
        assertEquals(1, result().get("violations"));
    }

    @Test
    void aFolderKeepsItsSeed() throws Exception {
        play("--contested", "100", "--seed", "7");
        assertEquals(7, result().get("seed"));
        play("--contested", "200");
        assertEquals(7, result().get("seed"));
        assertThrows(IllegalArgumentException.class, () -> play("--contested", "300", "--seed", "8"));
    }

    @Test
    void twoRunsDoNotWriteIntoOneFolder() throws Exception {
        try (Pieces first = Pieces.in(folder, null, 5)) {
            assertEquals(1, first.next());
            assertThrows(IOException.class, () -> Pieces.in(folder, null, 5));
        }
        Pieces.in(folder, null, 5).close();
    }
}
