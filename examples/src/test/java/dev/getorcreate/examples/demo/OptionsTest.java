package dev.getorcreate.examples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {

    @Test
    void nothingGivesTheDefaults() {
        assertEquals(Options.DEFAULT, Options.parse(List.of()));
    }

    @Test
    void valuesMayFollowABlankOrAnEqualsSign() {
        Options options = Options.parse(
                List.of("--processes", "5", "--threads=3", "--seconds", "60", "--seed=-7", "--keep", "--help"));
        assertEquals(new Options(5, 3, 60, -7, true, true), options);
    }

    @ParameterizedTest
    @CsvSource({
        "--proceses 4, unknown option '--proceses'",
        "four, unknown option 'four'",
        "--threads, --threads needs a number after it",
        "--threads many, '--threads needs a whole number, not ''many'''",
        "--threads=, '--threads needs a whole number, not '''''",
        "--seed 1.5, '--seed needs a whole number, not ''1.5'''",
        "--processes 1, '--processes must be between 2 and 32, not 1'",
        "--seconds 5, '--seconds must be between 12 and 600, not 5'",
        "--threads 99999999999, '--threads must be between 1 and 64, not 99999999999'",
        "--keep=yes, --keep takes no value"
    })
    void nonsenseGetsAnErrorThatNamesIt(String line, String expected) {
        String message = assertThrows(IllegalArgumentException.class, () -> Options.parse(List.of(line.split(" ", -1))))
                .getMessage();
        assertTrue(message.startsWith(expected), message);
    }
}
