package dev.getorcreate.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FailureTest {

    private static String cut(String message) {
        return new Failure("E", message, Duration.ofSeconds(1)).message();
    }

    @Test
    void aMessageIsCutAtFiveHundredCharactersAndNeverInTheMiddleOfOne() {
        assertEquals("x".repeat(500), cut("x".repeat(500)));
        assertEquals("x".repeat(500), cut("x".repeat(501)));
        String smile = "\ud83d\ude00";
        assertEquals("x".repeat(498) + smile, cut("x".repeat(498) + smile + "more"));
        assertEquals("x".repeat(499), cut("x".repeat(499) + smile));
    }

    @Test
    void whatIsNotHeldIsNoMark() {
        assertThrows(IllegalArgumentException.class, () -> new Failure("E", "", Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> new Failure("E", "", Duration.ofNanos(999_999)));
    }
}
