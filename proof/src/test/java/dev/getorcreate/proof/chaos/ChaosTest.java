package dev.getorcreate.proof.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However a run goes wrong, what was written down of it is there afterwards. */
class ChaosTest {

    @TempDir
    private Path kept;

    private final List<String> told = new ArrayList<>();

    private Verdict play(Chaos.Playing playing) throws Exception {
        return new Chaos(told::add).play(Options.parse(List.of(), 7), kept, playing);
    }

    private List<Path> histories() throws IOException {
        try (Stream<Path> all = Files.list(kept)) {
            return all.toList();
        }
    }

    @Test
    void ofAGoodRunNothingIsKept() throws Exception {
        assertTrue(play(Planted.good(true)::write).isGood());
        assertEquals(List.of(), histories());
    }

    @Test
    void ofAProcessThatHangsTheStoryAndTheSeedAreToldAndTheHistoryIsKept() throws Exception {
        Planted hanging = Planted.good(true).at(1, 6000, "CALL 4 k OBTAIN").hanging(1);
        assertFalse(play(hanging::write).isGood());
        String text = String.join("\n", told);
        assertTrue(text.contains("The story of k,"), text);
        assertTrue(text.contains("process 1 call 4: CALL OBTAIN"), text);
        assertTrue(
                text.contains("1 violations; seed 7, history in " + histories().get(0)), text);
    }

    @Test
    void whatBrokeOffIsKeptAndCanBeJudged() throws Exception {
        assertThrows(
                AssertionError.class,
                () -> play(folder -> {
                    Planted.good(true).write(folder);
                    throw new AssertionError("a process ended by itself");
                }));
        try (History history = History.read(histories().get(0))) {
            assertTrue(Checker.check(history).isGood());
        }
    }

    @Test
    void whatNeverBeganIsNotKept() throws Exception {
        assertThrows(
                IllegalStateException.class,
                () -> play(folder -> {
                    throw new IllegalStateException("no servers");
                }));
        assertEquals(List.of(), histories());
    }
}
