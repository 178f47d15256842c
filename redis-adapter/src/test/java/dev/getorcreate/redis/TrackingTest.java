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
    private static final Tracking.Ground ALWAYS = () -> Long.MAX_VALUE;
    private final Tracking tracking = new Tracking(MAX);

    @Test
    void nothingIsVouchedForBeforeTrackingIsAcknowledged() {
        assertNull(tracking.word(ALWAYS));
    }

    @Test
    void whoAnswersPingsOnlyVouchesForNothing() {
        tracking.pong(50);
        assertNull(tracking.word(ALWAYS));
        tracking.armed(100);
        tracking.lost();
        tracking.pong(200);
        assertNull(tracking.word(ALWAYS));
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
        assertNull(tracking.word(ALWAYS));
        tracking.pong(900);
        tracking.armed(950);
        assertTrue(word.servableUntil() < 0, "a late PONG does not bring it back");
        assertNull(tracking.word(ALWAYS), "nor does a late acknowledgement");
    }

    @Test
    void oneWordIsSharedByAllThatIsRead() {
        tracking.armed(100);
        assertSame(word(), word());
    }

    @Test
    void aWordHoldsNoLongerThanWhatItsSpaceStandsOnIsProven() {
        long[] proven = {150};
        Tracking.Ground ground = () -> proven[0];
        tracking.armed(100);
        tracking.pong(400);
        Vouch word = tracking.word(ground);
        assertNotNull(word);
        assertEquals(150 + MAX, word.servableUntil());
        tracking.pong(500);
        assertEquals(150 + MAX, word.servableUntil());
        proven[0] = 450;
        tracking.pong(600);
        assertEquals(450 + MAX, word.servableUntil());
    }

    @Test
    void aWordWhoseGroundIsUnknownIsOverBeforeItBegins() {
        tracking.armed(100);
        Vouch word = tracking.word(() -> Long.MIN_VALUE);
        assertNotNull(word);
        assertTrue(word.servableUntil() < 0);
    }

    @Test
    void oneSpacesWordEndsWithoutTheOthers() {
        Tracking.Ground other = () -> Long.MAX_VALUE;
        tracking.armed(100);
        Vouch ending = word();
        Vouch staying = tracking.word(other);
        assertNotNull(staying);
        tracking.ended(ALWAYS);
        assertTrue(ending.servableUntil() < 0);
        assertEquals(100 + MAX, staying.servableUntil());
        assertNotSame(ending, word());
    }

    private Vouch word() {
        Vouch word = tracking.word(ALWAYS);
        assertNotNull(word);
        return word;
    }
}
