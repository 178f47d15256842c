package dev.getorcreate.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.spi.Vouch;
import org.junit.jupiter.api.Test;

class TrackingTest {

    private static final long MAX = 1_000;
    private final Tracking tracking = new Tracking(MAX);

    @Test
    void nothingIsVouchedForBeforeTrackingIsAcknowledged() {
        assertNull(tracking.word());
    }

    @Test
    void theWordHoldsFromTheSendingOfTheRequestNotFromItsAnswer() {
        tracking.armed(100);
        assertEquals(100 + MAX, word().servableUntil());
    }

    @Test
    void anAnsweredPingExtendsTheWordFromItsSending() {
        tracking.armed(100);
        tracking.pong(700);
        assertEquals(700 + MAX, word().servableUntil());
    }

    @Test
    void aPingThatWentOutBeforeTrackingWasArmedProvesNothing() {
        tracking.pong(50);
        tracking.armed(100);
        tracking.pong(90);
        assertEquals(100 + MAX, word().servableUntil());
    }

    @Test
    void answersOutOfOrderNeverShortenTheWord() {
        tracking.armed(100);
        tracking.pong(700);
        tracking.pong(400);
        assertEquals(700 + MAX, word().servableUntil());
    }

    @Test
    void aFlushEndsWhatWasReadBeforeItAndNotWhatIsReadAfterIt() {
        tracking.armed(100);
        tracking.pong(700);
        Vouch before = word();
        tracking.flushed();
        assertTrue(before.servableUntil() < 0);
        assertNotSame(before, word());
        assertEquals(700 + MAX, word().servableUntil());
        tracking.pong(900);
        assertTrue(before.servableUntil() < 0, "an ended word stays ended");
        assertEquals(900 + MAX, word().servableUntil());
    }

    @Test
    void aLostConnectionEndsItsWordForGood() {
        tracking.armed(100);
        Vouch word = word();
        tracking.lost();
        assertTrue(word.servableUntil() < 0);
        assertNull(tracking.word());
        tracking.pong(900);
        tracking.armed(950);
        assertTrue(word.servableUntil() < 0, "a late PONG does not bring it back");
        assertNull(tracking.word(), "nor does a late acknowledgement");
    }

    @Test
    void oneWordIsSharedByAllThatIsRead() {
        tracking.armed(100);
        assertSame(word(), word());
    }

    private Vouch word() {
        Vouch word = tracking.word();
        assertNotNull(word);
        return word;
    }
}
