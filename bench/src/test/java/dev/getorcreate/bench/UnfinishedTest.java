package dev.getorcreate.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is left of a part that does not come to its end. */
class UnfinishedTest {

    private final List<String> done = new ArrayList<>();

    @TempDir
    private Path folder;

    @Test
    void whatFailsIsToldAfterTheTables() {
        AssertionError ended = new AssertionError("a process ended");
        assertSame(
                ended,
                assertThrows(
                        AssertionError.class,
                        () -> Unfinished.measure(
                                () -> {
                                    throw ended;
                                },
                                () -> done.add("tables"))));
        assertEquals(List.of("tables"), done);
    }

    @Test
    void whatFailsInTheTablesHidesNothing() {
        AssertionError ended = new AssertionError("a process ended");
        IllegalStateException more = new IllegalStateException("no tables");
        assertThrows(
                AssertionError.class,
                () -> Unfinished.measure(
                        () -> {
                            throw ended;
                        },
                        () -> {
                            throw more;
                        }));
        assertArrayEquals(new Throwable[] {more}, ended.getSuppressed());
    }

    @Test
    void whatEndsWellHasItsTablesOnce() {
        Unfinished.measure(() -> done.add("measured"), () -> done.add("tables"));
        assertEquals(List.of("measured"), done, "who measures prints them");
    }

    @Test
    void rawDataSaysWhetherItIsComplete() {
        JsonNode soFar = JsonMapper.shared().readTree(Results.json("Part", false, Map.of("turns", List.of(1))));
        assertFalse(soFar.get("complete").booleanValue());
        assertEquals(1, soFar.at("/turns/0").intValue());
        assertTrue(JsonMapper.shared()
                .readTree(Results.json("Part", true, Map.of()))
                .get("complete")
                .booleanValue());
    }

    /** Who has the old one open goes on reading that: so it was not written over. */
    @Test
    void rawDataIsReplacedAtOnce() throws IOException {
        Path file = folder.resolve("Part.json");
        Results.replace(file, "a first round\n");
        try (InputStream old = Files.newInputStream(file)) {
            Results.replace(file, "two rounds\n");
            assertEquals("a first round\n", new String(old.readAllBytes(), StandardCharsets.UTF_8));
        }
        assertEquals("two rounds\n", Files.readString(file));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void aCellHasTheRoundsThatAreComplete() {
        SharedHitCell cell = SharedHitCell.empty(100, 1, List.of("ours", "lettuceGet"));
        assertEquals(0, cell.rounds());
        SharedHitTurn turn = new SharedHitTurn(1, 2, 3, 4, 5, 6, 7, MachineShare.UNKNOWN);
        cell.add(Map.of("ours", turn, "lettuceGet", turn));
        assertEquals(1, cell.rounds());
    }

    @Test
    void aStampedeTellsHowManyRoundsItHad() {
        assertEquals(
                2,
                new StampedeFigures(List.of(
                                StampedeTurns.turn("ours", 0, 1, 15),
                                StampedeTurns.turn("naive", 0, 1, 15),
                                StampedeTurns.turn("naive", 1, 1, 15),
                                StampedeTurns.turn("ours", 1, 1, 15)))
                        .rounds());
    }
}
