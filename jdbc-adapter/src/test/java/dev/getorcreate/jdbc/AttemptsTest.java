package dev.getorcreate.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Of a time-out of five seconds. */
class AttemptsTest {

    private long now = Long.MAX_VALUE - 1;

    /** How many attempts there are, if each takes as long as said here; the last one of these over and over. */
    private int attempts(double... seconds) {
        Attempts attempts = new Attempts(Duration.ofSeconds(5), () -> now);
        int made = 0;
        do {
            now += (long) (seconds[Math.min(made, seconds.length - 1)] * 1_000_000_000);
            made++;
        } while (attempts.again(new AssertionError("as if: failed")));
        return made;
    }

    @Test
    void sixAreQuick() {
        assertEquals(6, attempts(0.01));
    }

    @Test
    void twoTakeAllTheirTime() {
        assertEquals(2, attempts(5));
        assertEquals(2, attempts(7)); // where the connection had to be given up
        assertEquals(3, attempts(0.1, 5));
    }

    /** As where the database's own time-out for locks is shorter than a statement's. */
    @Test
    void noOtherBeginsWhereTheyHaveTakenHalfOfThatAgain() {
        assertEquals(2, attempts(4));
        assertEquals(3, attempts(2.5));
        assertEquals(4, attempts(2.4));
        assertEquals(2, attempts(3, 5));
    }
}
