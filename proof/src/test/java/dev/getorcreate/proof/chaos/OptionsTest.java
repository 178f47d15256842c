package dev.getorcreate.proof.chaos;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {

    /** With options, for there is nothing to be understood without. */
    private static final Pattern TYPED = Pattern.compile("\\./chaos( +--[^`#\\n]*)");

    @Test
    void nothingGivesTheDefaultsAndTheDrawnSeed() {
        assertEquals(Options.defaults(99), Options.parse(List.of(), 99));
    }

    @Test
    void valuesMayFollowABlankOrAnEqualsSign() {
        List<String> line = List.of(
                "--processes",
                "5",
                "--threads=3",
                "--seconds",
                "60",
                "--seed=-7",
                "--no-arbiter",
                "--keep",
                "--help",
                "--into",
                "results",
                "--contested=1000000",
                "--pieces=2",
                "--check",
                "some/folder");
        assertEquals(
                new Options(
                        5,
                        3,
                        60,
                        -7,
                        true,
                        Topology.STANDALONE,
                        false,
                        false,
                        Path.of("results"),
                        1_000_000,
                        2,
                        true,
                        Path.of("some/folder"),
                        true),
                Options.parse(line, 99));
    }

    @Test
    void denseLoadHasDefaultsOfItsOwn() {
        Options dense = Options.parse(List.of("--threads", "5", "--dense"), 99);
        assertEquals(8, dense.processes());
        assertEquals(5, dense.threads());
        assertEquals(3, Options.parse(List.of("--dense"), 99).threads());
        assertTrue(dense.dense());
    }

    @ParameterizedTest
    @CsvSource({
        "--proceses 4, unknown option '--proceses'",
        "four, unknown option 'four'",
        "--threads, --threads needs a value after it",
        "--threads many, '--threads needs a whole number, not ''many'''",
        "--processes 1, '--processes must be between 2 and 16, not 1'",
        "--seconds 5, '--seconds must be between 8 and 600, not 5'",
        "--contested 5, --contested and --pieces need --into FOLDER",
        "--into x, '--into needs --contested N: how many creations are wished for'",
        "--topology ring, '--topology must be one of standalone, sentinel, cluster, not ''ring'''",
        "--check=, --check needs a folder",
        "--no-arbiter=yes, --no-arbiter takes no value",
        "--keep=yes, --keep takes no value"
    })
    void nonsenseGetsAnErrorThatNamesIt(String line, String expected) {
        String message = assertThrows(
                        IllegalArgumentException.class, () -> Options.parse(List.of(line.split(" ", -1)), 99))
                .getMessage();
        assertTrue(message.startsWith(expected), message);
    }

    @Test
    void whateverThePagesTellToTypeIsUnderstood() throws IOException {
        List<String> lines = new ArrayList<>();
        for (Path page : pages()) {
            Matcher line = TYPED.matcher(Files.readString(page));
            while (line.find()) {
                lines.add(line.group(1).strip());
            }
        }
        assertTrue(lines.contains("--dense --seconds 140 --seed 24"), lines::toString);
        assertAll(lines.stream().map(line -> () -> Options.parse(List.of(line.split(" +")), 99)));
    }

    private static List<Path> pages() throws IOException {
        Path root = Path.of("").toAbsolutePath().getParent();
        List<Path> pages = new ArrayList<>(List.of(root.resolve("README.md"), root.resolve("CONTRIBUTING.md")));
        try (Stream<Path> docs = Files.list(root.resolve("docs"))) {
            docs.filter(page -> page.toString().endsWith(".md")).forEach(pages::add);
        }
        return pages;
    }
}
