package dev.getorcreate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.spi.TimeSource;
import dev.getorcreate.spi.Vouch;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The fence, order by order: what passes on the wire (answered, changed) against what the leader does (land). */
class FlightTest {

    private final Flight<String> flight = new Flight<>();
    private final Vouch word = new Vouch(1_000);
    private long now;

    private final TimeSource time = new TimeSource() {
        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public long epochMillis() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean await(CompletableFuture<?> future, long until) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<?> after(long delayNanos, Runnable task) {
            throw new UnsupportedOperationException();
        }
    };

    @Test
    void aChangeBeforeTheReplyMeansNothing() {
        assertFalse(flight.changed());
        flight.answered(word);
        assertTrue(flight.land("v", 500));
        assertEquals("v", flight.fresh(time));
    }

    @Test
    void aChangeBetweenTheReplyAndTheLandingKeepsTheValueOut() {
        flight.answered(word);
        assertTrue(flight.changed());
        assertFalse(flight.land("v", 500));
        flight.complete(flight);
        assertNull(flight.fresh(time));
        assertEquals("v", flight.value(), "those who asked before it still get the answer");
    }

    @Test
    void aChangeAfterTheLandingEndsTheEntry() {
        flight.answered(word);
        assertTrue(flight.land("v", 500));
        assertTrue(flight.changed());
        assertNull(flight.fresh(time));
    }

    @Test
    void aReplyAfterAnOwnInvalidationDoesNotOpenTheFlightAgain() {
        flight.spoil();
        flight.answered(word);
        assertFalse(flight.land("v", 500));
    }

    @Test
    void whatWasNeverAnsweredIsNotKept() {
        assertFalse(flight.land("v", 500));
        assertNull(flight.fresh(time));
    }

    @Test
    void afterReopeningOnlyTheNextReplyCounts() {
        flight.answered(word);
        flight.reopen();
        assertFalse(flight.changed(), "the own claim's echo");
        assertFalse(flight.land("v", 500));
    }

    @Test
    void anEntryIsServedUntilItsDeadlineAndNotAtIt() {
        flight.answered(word);
        flight.land("v", 500);
        now = 499;
        assertEquals("v", flight.fresh(time));
        now = 500;
        assertNull(flight.fresh(time));
    }

    @Test
    void anEntryIsServedUntilItsConnectionsWordEnds() {
        flight.answered(word);
        flight.land("v", 5_000);
        now = 999;
        assertEquals("v", flight.fresh(time));
        now = 1_000;
        assertNull(flight.fresh(time));
        word.extend(2_000);
        assertEquals("v", flight.fresh(time));
        word.end();
        assertNull(flight.fresh(time));
        word.extend(3_000);
        assertNull(flight.fresh(time), "a word that ended stays ended");
    }

    @Test
    void theFirstResultStands() {
        flight.askAgain();
        assertTrue(flight.isDone());
        assertFalse(flight.land("v", 500));
        assertNull(flight.value());
        RuntimeException error = new RuntimeException();
        Flight<String> failed = new Flight<>();
        failed.fail(error);
        failed.askAgain();
        assertSame(error, failed.failure());
        assertNull(failed.value());
    }

    /** Whoever spoilt it may be stopped before it is unlinked, and nobody may join it then. */
    @Test
    void aChangeConcernsAFlightThatIsSpoilt() {
        flight.answered(Vouch.ALWAYS);
        flight.spoil();
        assertTrue(flight.changed());
    }
}
