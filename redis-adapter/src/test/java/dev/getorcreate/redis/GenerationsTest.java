package dev.getorcreate.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.spi.Claim;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.Token;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which server's word on a cache's generation is the last one, where the key moves to another server. */
class GenerationsTest {

    private static final String STAMP = "a-stamp-ABC";

    private final RedisSharedStore store = Wire.store();
    private final RedisSpace<String> space =
            (RedisSpace<String>) store.open("told", KeyCodec.string(), "utf8", key -> {});
    private final Wire left = wire();
    private final Wire entered = wire();

    private Wire wire() {
        return new Wire(store.routes().home(new byte[0]), store.time());
    }

    @AfterEach
    void close() {
        store.close();
    }

    private Link from() {
        Generation now = space.generations().told();
        assertNotNull(now);
        return now.from();
    }

    private void askBoth() {
        var unused = space.generations().ask(left.link);
        unused = space.generations().ask(entered.link);
        entered.answer(CommandType.GETRANGE, STAMP);
    }

    /** That one tells of no change any more. */
    @Test
    void aLateAnswerOfAServerThatWasLeftIsNotTakenThoughItIsTheSame() {
        askBoth();
        left.answer(CommandType.GETRANGE, STAMP);
        assertSame(entered.link, from());
    }

    @Test
    void norIsAnotherOneThoughTheServerThatWasEnteredIsGone() {
        askBoth();
        entered.link.end();
        left.answer(CommandType.GETRANGE, "b-stamp-ABC");
        assertNull(space.generations().told());
    }

    @Test
    void itIsTakenWhereTheOtherOneIsGone() {
        askBoth();
        entered.link.end();
        left.answer(CommandType.GETRANGE, STAMP);
        assertSame(left.link, from());
    }

    /** It was sent before its server lost the slot, and only the one that has it now tells of a change. */
    @Test
    void anAnswerThatWasOnItsWayWhenItsServerLostTheSlotIsAskedForAgain() {
        CompletableFuture<Generation> learnt = space.generations().ask(left.link);
        left.link.tracking().flushed();
        space.forgotten(left.link);
        left.answer(CommandType.GETRANGE, STAMP);
        assertFalse(learnt.isDone());
        assertNull(space.generations().told());
        entered.link.send(left.waiting(CommandType.GETRANGE)); // MOVED
        entered.answer(CommandType.GETRANGE, "b-stamp-ABC");
        assertTrue(learnt.isDone());
        assertSame(entered.link, from());
    }

    /** Those were granted under the one that holds, which is not known at the moment. */
    @Test
    void suchAnAnswerEndsNobodysClaims() {
        Invalidations.Key key = space.bare("k");
        Generation holds = new Generation(space.namespace(), "b-stamp-ABC".getBytes(US_ASCII), entered.link, 0);
        AtomicBoolean lost = new AtomicBoolean();
        Claim claim = new Claim(Token.random(), Duration.ofSeconds(30), () -> lost.set(true));
        store.leases().asking(new Place(key, holds, Deletes.whole(holds, key), entered.link), claim);
        store.leases().granted(claim);
        var unused = space.generations().ask(left.link);
        left.link.tracking().flushed();
        space.forgotten(left.link);
        left.answer(CommandType.GETRANGE, STAMP);
        assertFalse(lost.get());
    }
}
