package dev.getorcreate.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.getorcreate.spi.KeyCodec;
import io.lettuce.core.RedisException;
import io.lettuce.core.protocol.CommandType;
import java.lang.management.ManagementFactory;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** DELs of one key over several links, as in a cluster whose slots move. */
class InvalidationsTest {

    private static final String STAMP = "a-stamp-ABC";
    private static final String NEWER = "b-stamp-ABC";

    private final RedisSharedStore store = Wire.store();
    private final RedisSpace<String> space =
            (RedisSpace<String>) store.open("unsent", KeyCodec.string(), "utf8", key -> {});
    private final Invalidations invalidations = store.invalidations();
    private final Invalidations.Key key = space.bare("k");
    private final Wire generations = wire();
    private final Wire before = wire();
    private final Wire after = wire();
    private Generation generation;
    private Pending mine;

    private Wire wire() {
        return new Wire(store.routes().home(new byte[0]), store.time());
    }

    @BeforeEach
    void begin() {
        askForTheGeneration();
        generation = space.generations().latest();
        assertNotNull(generation);
        mine = invalidations.begin(key);
    }

    private void askForTheGeneration() {
        var unused = space.generations().ask(generations.link);
        generations.answer(CommandType.GETRANGE, STAMP);
    }

    private Reply<Long> sendOver(Wire wire) {
        Reply<Long> delete = invalidations.deletes().of(generation, key, mine);
        wire.link.send(delete);
        return delete;
    }

    /** Another server answers where this one did, which may answer on. */
    private void takeOver(Wire taken) {
        taken.link.end();
        invalidations.reviveRecent(taken.link::equals);
    }

    private RedisSpace<String> openAnew() {
        space.close();
        return (RedisSpace<String>) store.open("unsent", KeyCodec.string(), "utf8", key -> {});
    }

    /** As where a slot moves. */
    private void sendOnAWholeCaches() {
        invalidations.beginAll(space, false);
        var unused = space.generations().ask(before.link);
        after.link.send(before.waiting(CommandType.SET));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void aDelIsDoneWhenItWasAnsweredAndItsGenerationIsProven() {
        sendOver(after);
        after.answer(CommandType.DEL, 1);
        assertTrue(invalidations.isPending(key), "it may have gone out under a generation that was none any more");
        askForTheGeneration();
        assertFalse(invalidations.isPending(key));
    }

    @Test
    void aDelThatFailsTakesNothingFromALaterOneThatWasAnswered() {
        Reply<Long> first = sendOver(before);
        sendOver(after);
        after.answer(CommandType.DEL, 1);
        first.completeExceptionally(new RedisException("lost"));
        askForTheGeneration();
        assertFalse(invalidations.isPending(key));
    }

    @Test
    void aDelThatFailsHasNoneSentBesideALaterOne() {
        Reply<Long> first = sendOver(before);
        sendOver(after);
        first.completeExceptionally(new RedisException("lost"));
        invalidations.deletes().sendAgain(space, generation, after.link, store);
        assertEquals(1, after.count(CommandType.DEL), "a second DEL would remove what was made since");
    }

    @Test
    void aDelThatFailsIsSentAgain() {
        sendOver(after).completeExceptionally(new RedisException("refused"));
        invalidations.deletes().sendAgain(space, generation, after.link, store);
        assertEquals(2, after.count(CommandType.DEL));
    }

    /** A server that may not write refuses them all, as often as they are sent. */
    @Test
    void ofThoseThatWereRefusedOneIsSentAgainAndTheOthersOnceThatIsAnswered() {
        Pending other = invalidations.begin(space.bare("other"));
        after.link.send(List.of(
                invalidations.deletes().of(generation, key, mine),
                invalidations.deletes().of(generation, space.bare("other"), other)));
        after.refuse(CommandType.DEL, "MISCONF as if");
        after.refuse(CommandType.DEL, "MISCONF as if");
        invalidations.deletes().sendAgain(space, generation, after.link, store);
        assertEquals(3, after.count(CommandType.DEL));
        after.refuse(CommandType.DEL, "MISCONF as if");
        invalidations.deletes().sendAgain(space, generation, after.link, store);
        assertEquals(4, after.count(CommandType.DEL));
        after.answer(CommandType.DEL, 1);
        assertEquals(5, after.count(CommandType.DEL));
        after.answer(CommandType.DEL, 1);
        askForTheGeneration();
        assertFalse(invalidations.isAnyPending());
    }

    /** They are asked for some times a second while a server may not write. */
    @Test
    void ofThoseThatWereRefusedOnlyTheOneThatIsSentIsMade() {
        int many = 1_000;
        invalidations.left(key, mine, false);
        after.link.send(IntStream.range(0, many)
                .mapToObj(i -> space.bare("k" + i))
                .map(each -> invalidations.deletes().of(generation, each, invalidations.begin(each)))
                .toList());
        for (int i = 0; i < many; i++) {
            after.refuse(CommandType.DEL, "MISCONF as if");
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long spent = threads.getCurrentThreadAllocatedBytes();
        invalidations.deletes().sendAgain(space, generation, after.link, store);
        long each = (threads.getCurrentThreadAllocatedBytes() - spent) / many;
        assertTrue(each < 300, "bytes for each that was not sent: " + each);
        assertEquals(many + 1, after.count(CommandType.DEL));
    }

    /** However many call at once: only those are kept for a server that is away whose callers have gone. */
    @Test
    void thoseThatAreUnderWayAreNotTooMany() {
        List<Pending> calls = IntStream.rangeClosed(0, Wire.MOST_PENDING)
                .mapToObj(i -> invalidations.begin(space.bare("k" + i)))
                .toList();
        for (int i = 0; i < Wire.MOST_PENDING; i++) {
            invalidations.left(space.bare("k" + i), calls.get(i), false);
        }
        assertFalse(invalidations.isAllPending(space));
        invalidations.left(space.bare("k" + Wire.MOST_PENDING), calls.get(Wire.MOST_PENDING), false);
        assertTrue(invalidations.isAllOwed(space));
        assertNull(space.generations().told(), "nobody reads on under it");
    }

    /** Those that were confirmed, and may have been missed, count with those that were not. */
    @Test
    void thoseThatAreToBeSentAgainMayBeTooMany() {
        for (int i = 0; i < Wire.MOST_PENDING; i++) {
            invalidations.left(space.bare("k" + i), invalidations.begin(space.bare("k" + i)), false);
        }
        sendOver(before);
        before.answer(CommandType.DEL, 1);
        askForTheGeneration();
        assertFalse(invalidations.isPending(key));
        takeOver(before);
        assertTrue(invalidations.isAllOwed(space));
    }

    /** Each of very many would go through all of them otherwise. */
    @Test
    void whoAsksForOneSendsNothingOfTheOthersAgain() {
        invalidations.left(key, mine, false); // not sent, for whatever reason
        var unused = space.generations().askForOne(after.link);
        after.answer(CommandType.GETRANGE, STAMP); // it was asked for elsewhere before: news
        assertEquals(1, after.count(CommandType.DEL));
        after.waiting(CommandType.DEL).completeExceptionally(new RedisException("refused"));
        unused = space.generations().askForOne(after.link);
        after.answer(CommandType.GETRANGE, STAMP);
        assertEquals(1, after.count(CommandType.DEL));
        unused = space.generations().ask(after.link);
        after.answer(CommandType.GETRANGE, STAMP);
        assertEquals(2, after.count(CommandType.DEL));
    }

    /** What the server that answered has may be gone with it, and no other one was told. */
    @Test
    void aDelWhoseServerIsGoneBeforeItsGenerationIsProvenIsNotDone() {
        sendOver(before);
        before.answer(CommandType.DEL, 1);
        takeOver(before);
        askForTheGeneration();
        assertTrue(invalidations.isPending(key));
        invalidations.deletes().sendAgain(space, generation, after.link, store);
        assertEquals(1, after.count(CommandType.DEL));
    }

    /** As where a slot was taken over, and the one that had it still answers. */
    @Test
    void aDelIsNotDoneEitherWhereOnlyTheSlotWasTakenOver() {
        sendOver(before);
        before.answer(CommandType.DEL, 1);
        takeOver(before);
        askForTheGeneration();
        assertTrue(invalidations.isPending(key));
    }

    @Test
    void anAnswerThatComesWhenTheSlotWasTakenOverIsNone() {
        sendOver(before);
        takeOver(before);
        before.answer(CommandType.DEL, 1);
        askForTheGeneration();
        assertTrue(invalidations.isPending(key));
    }

    /** It is the one whose replica may have missed it. */
    @Test
    void oneOfTheWholeCacheIsRememberedForTheServerThatAnsweredIt() {
        sendOnAWholeCaches();
        after.answer(CommandType.SET, "OK");
        Set<Link> remembered = new HashSet<>();
        invalidations.reviveRecent(link -> {
            remembered.add(link);
            return false;
        });
        assertEquals(Set.of(after.link), remembered);
    }

    /** The caller has seen the DEL answered, and the generation proven. */
    @Test
    void oneWhoseServerWasTakenOverBeforeItsCallerWentIsOwed() {
        sendOver(before);
        before.answer(CommandType.DEL, 1);
        takeOver(before);
        assertFalse(invalidations.left(key, mine, true));
        assertNotNull(invalidations.owed(key));
    }

    /** As where slots move between other nodes, whose links lost nothing. */
    @Test
    void oneThatWasDoneStaysSoWhereOtherServersWereTakenOver() {
        sendOver(after);
        after.answer(CommandType.DEL, 1);
        askForTheGeneration();
        takeOver(before);
        assertTrue(invalidations.left(key, mine, true), "a second DEL would remove what was made since");
    }

    /** It was sent over a sound link, and a newer one of the cache has begun. */
    @Test
    void oneOfTheWholeCacheIsDoneThoughOtherServersWereTakenOver() {
        long older = invalidations.beginAll(space, false);
        var unused = space.generations().ask(after.link);
        invalidations.beginAll(space, false);
        takeOver(before);
        after.answer(CommandType.SET, "OK");
        assertFalse(space.isAllPending(older));
    }

    /** Nothing is kept for it, since a newer one was done: to be called pending it would have to be. */
    @Test
    void oneForWhichANewerOneWasDoneIsDone() {
        Pending older = mine;
        sendOver(before);
        before.answer(CommandType.DEL, 1);
        mine = invalidations.begin(key);
        sendOver(after);
        after.answer(CommandType.DEL, 1);
        askForTheGeneration();
        before.link.end();
        assertTrue(invalidations.left(key, older, true));
    }

    /** Its link was lost when its answer had been read already, and was just to be noted. */
    @Test
    void anAnswerThatIsNotedWhenItsServerWasTakenOverIsNone() {
        sendOver(before);
        takeOver(before);
        invalidations.answered(key, mine, generation, before.link);
        askForTheGeneration();
        assertFalse(invalidations.left(key, mine, true));
        assertNotNull(invalidations.owed(key));
    }

    @Test
    void soItIsForOneOfTheWholeCache() {
        long whole = invalidations.beginAll(space, true);
        var unused = space.generations().ask(before.link);
        takeOver(before);
        invalidations.confirmedAll(space, whole, before.link, store.time().nanoTime());
        assertTrue(invalidations.isAllPending(space, whole));
    }

    /** Its caller was told that it is done, and whoever makes the newer one may be stopped before that is sent. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void oneThatWasAnsweredIsRememberedThoughANewerOneHasBegun(boolean answeredBefore) {
        sendOver(before);
        if (answeredBefore) {
            before.answer(CommandType.DEL, 1);
        }
        invalidations.begin(key);
        if (!answeredBefore) {
            before.answer(CommandType.DEL, 1);
        }
        askForTheGeneration();
        assertTrue(invalidations.left(key, mine, true));
        takeOver(before);
        assertNotNull(invalidations.owed(key));
    }

    @Test
    void anAnswerForAWholeCacheThatComesWhenItsServerWasTakenOverIsNone() {
        invalidations.beginAll(space, true);
        var unused = space.generations().ask(before.link);
        takeOver(before);
        before.answer(CommandType.SET, "OK");
        assertTrue(invalidations.isAllPending(space));
        unused = space.generations().ask(after.link);
        after.answer(CommandType.SET, "OK");
        assertFalse(invalidations.isAllPending(space));
    }

    /** Somebody invalidates a key again and again, faster than its server answers. */
    @Test
    void whoReadsBehindADelMayThoughANewerInvalidationHasBegun() {
        invalidations.left(key, mine, false);
        Pending owed = invalidations.owed(key);
        assertNotNull(owed);
        sendOver(before);
        mine = invalidations.begin(key);
        before.answer(CommandType.DEL, 1);
        assertTrue(invalidations.isAnswered(owed, generation, before.link));
        Pending newer = invalidations.owed(key);
        assertNotNull(newer);
        assertFalse(invalidations.isAnswered(newer, generation, before.link));
    }

    /** Of a deep stack, once it was noted that it is under way. */
    @Test
    void whatAnErrorKeptFromBeingSentIsSentAgain() {
        AtomicBoolean fails = new AtomicBoolean(true);
        Wire deep = new Wire(store.routes().home(new byte[0]), store.time(), sent -> {
            if (fails.getAndSet(false)) {
                throw new StackOverflowError("as if");
            }
        });
        assertThrows(StackOverflowError.class, () -> sendOver(deep));
        invalidations.left(key, mine, false);
        invalidations.deletes().sendAgain(space, generation, deep.link, store);
        assertEquals(2, deep.count(CommandType.DEL));
        fails.set(true);
        invalidations.beginAll(space, true);
        assertThrows(StackOverflowError.class, () -> space.generations().ask(deep.link));
        var unused = space.generations().ask(deep.link);
        assertFalse(deep.waiting(CommandType.SET).isDone());
    }

    /** A debugger may stop it there. */
    @Test
    void whoIsAboutToSendOneOfTheWholeCacheKeepsNobodyFromSendingWhatIsOwed() {
        invalidations.beginAll(space, true);
        invalidations.beginAll(space);
        var unused = space.generations().ask(after.link);
        after.answer(CommandType.SET, "OK");
        assertFalse(invalidations.isAllOwed(space));
    }

    /** The new server shows what the key's one was to forget, until the whole cache's is answered. */
    @Test
    void aKeysOneThatMayHaveBeenMissedIsOwedByTheOneOfTheWholeCache() {
        sendOver(before);
        before.answer(CommandType.DEL, 1);
        askForTheGeneration();
        assertFalse(invalidations.isPending(key));
        invalidations.beginAll(space);
        assertFalse(invalidations.isAllOwed(space));
        takeOver(before);
        assertTrue(invalidations.isAllOwed(space));
    }

    @Test
    void oneOfTheWholeCacheThatWasSentToTheNewServerCountsThoughANewerOneHasBegun() {
        invalidations.beginAll(space, true);
        var unused = space.generations().ask(before.link);
        takeOver(before);
        unused = space.generations().ask(after.link);
        invalidations.beginAll(space, false);
        after.answer(CommandType.SET, "OK");
        assertFalse(invalidations.isAllOwed(space));
    }

    @Test
    void oneOfTheWholeCacheThatWasSentOnIsNotDoneWhereItWasSentOnToIsGone() {
        sendOnAWholeCaches();
        takeOver(after);
        after.answer(CommandType.SET, "OK");
        assertTrue(invalidations.isAllPending(space));
    }

    @Test
    void oneOfTheWholeCacheThatWasSentOnIsDoneThoughWhoSentItOnIsGone() {
        sendOnAWholeCaches();
        takeOver(before);
        after.answer(CommandType.SET, "OK");
        assertFalse(invalidations.isAllPending(space));
    }

    /** It is under way, and its caller has yet to learn that. */
    @Test
    void oneOfAWholeCacheThatWasOpenedAnewMeanwhileKeepsThatOneOut() {
        long whole = invalidations.beginAll(space, false);
        RedisSpace<String> heir = openAnew();
        assertTrue(invalidations.isAllOwed(heir));
        assertTrue(space.isAllPending(whole));
    }

    @Test
    void whatOthersOfAClosedCacheHaveUnderWayIsNotHandedOver() {
        RedisSpace<String> heir = openAnew();
        long whole = invalidations.beginAll(space, false);
        space.bequeath();
        assertFalse(invalidations.isAllPending(heir));
        invalidations.leftAll(space, whole);
        space.bequeath();
        assertTrue(invalidations.isAllOwed(heir));
    }

    /** Somebody invalidates it again and again, faster than its server answers. */
    @Test
    void whoReadsBehindOneOfTheWholeCacheMayThoughANewerOneHasBegun() {
        invalidations.beginAll(space, true);
        CompletableFuture<Generation> learnt = space.generations().ask(before.link);
        invalidations.beginAll(space, false);
        before.answer(CommandType.SET, "OK");
        before.answer(CommandType.GETRANGE, NEWER);
        assertTrue(learnt.isDone() && !learnt.isCompletedExceptionally());
        assertTrue(invalidations.isAllPending(space), "the newer one was not sent");
    }

    @Test
    void oneOfTheWholeCacheIsDoneThoughANewerOneHasBegun() {
        long older = invalidations.beginAll(space, false);
        var unused = space.generations().ask(before.link);
        invalidations.beginAll(space, false);
        before.answer(CommandType.SET, "OK");
        assertFalse(space.isAllPending(older));
        invalidations.leftAll(space, older);
        assertFalse(invalidations.isAllOwed(space));
    }

    /** The newer one was not sent, so nothing says over which link the older one went. */
    @Test
    void aLateAnswerForAnOlderOneOfTheWholeCacheWhoseServerWasTakenOverIsNone() {
        invalidations.beginAll(space, true);
        var unused = space.generations().ask(before.link);
        invalidations.beginAll(space, false);
        takeOver(before);
        before.answer(CommandType.SET, "OK");
        assertTrue(invalidations.isAllOwed(space));
    }

    /** Its caller has yet to learn that it was carried out. */
    @Test
    void oneOfTheWholeCacheThatIsDoneStaysSoWhenANewerOneBegins() {
        long older = invalidations.beginAll(space);
        var unused = space.generations().ask(before.link);
        assertEquals(0, before.count(CommandType.SET), "its caller sends it");
        invalidations.leftAll(space, older);
        unused = space.generations().ask(before.link);
        before.answer(CommandType.SET, "OK");
        invalidations.beginAll(space);
        assertFalse(space.isAllPending(older));
        invalidations.leftAll(space, older);
        assertFalse(invalidations.isAllOwed(space));
    }

    /** The whole cache's one stands for it, and was carried out for none of its keys. */
    @Test
    void aKeysOneIsOwedThoughOneOfTheWholeCacheBeganMeanwhile() {
        invalidations.beginAll(space);
        assertFalse(invalidations.left(key, mine, false));
        assertTrue(invalidations.isAllOwed(space));
    }

    /** A replica that was promoted may have missed it. */
    @Test
    void whatAClosedCacheConfirmedLastKeepsOutWhoOpenedItAnew() {
        sendOver(before);
        before.answer(CommandType.DEL, 1);
        askForTheGeneration();
        assertTrue(invalidations.left(key, mine, true));
        RedisSpace<String> heir = openAnew();
        takeOver(before);
        assertNotNull(invalidations.owed(heir.bare("k")));
    }

    @Test
    void soItIsForAWholeCache() {
        long whole = invalidations.beginAll(space, false);
        var unused = space.generations().ask(before.link);
        before.answer(CommandType.SET, "OK");
        invalidations.leftAll(space, whole);
        RedisSpace<String> heir = openAnew();
        takeOver(before);
        assertTrue(invalidations.isAllOwed(heir));
    }

    /** As in a cluster, where that is told by another server than the key's. */
    @Test
    void aDelIsDoneAtItsAnswerWhereItsGenerationWasProvenBefore() {
        sendOver(after);
        var unused = space.generations().askForOne(generations.link);
        generations.answer(CommandType.GETRANGE, STAMP);
        assertTrue(invalidations.isPending(key));
        after.answer(CommandType.DEL, 1);
        assertFalse(invalidations.isPending(key));
    }

    /** The server tells of changes only of those that are open. */
    @Test
    void thatAClosedCachesGenerationIsTheCurrentOneIsProvenByAskingOnly() {
        space.close();
        sendOver(generations);
        generations.answer(CommandType.DEL, 1);
        assertTrue(invalidations.isPending(key));
        askForTheGeneration();
        assertFalse(invalidations.isPending(key));
    }

    @Test
    void whoReadsBehindADelMayThoughANewerInvalidationHadBegunWhenItWasSent() {
        invalidations.left(key, mine, false);
        Pending owed = invalidations.owed(key);
        assertNotNull(owed);
        invalidations.begin(key);
        sendOver(before);
        before.answer(CommandType.DEL, 1);
        assertTrue(invalidations.isAnswered(owed, generation, before.link));
        assertTrue(invalidations.isPending(key));
    }

    /** Its server was the key's no more, and may have had it alone: the newer one has to be done before anything is read. */
    @Test
    void anOlderOneThatIsAnsweredAfterAFailoverIsNotConfirmed() {
        sendOver(before);
        invalidations.begin(key);
        takeOver(before);
        before.answer(CommandType.DEL, 1);
        assertFalse(invalidations.left(key, mine, true));
        assertNotNull(invalidations.owed(key));
    }

    /** What is remembered is where the newer one was done, which the next failover may have missed. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anOlderOneThatIsAnsweredLateHidesNoNewerOne(boolean anotherBegan) {
        sendOver(before);
        Pending older = mine;
        mine = invalidations.begin(key);
        sendOver(after);
        after.answer(CommandType.DEL, 1);
        askForTheGeneration();
        assertTrue(invalidations.left(key, mine, true));
        if (anotherBegan) {
            invalidations.begin(key); // and its caller was stopped
        }
        before.answer(CommandType.DEL, 1);
        assertTrue(invalidations.left(key, older, true));
        takeOver(after);
        assertNotNull(invalidations.owed(key));
    }
}
