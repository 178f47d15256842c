package dev.getorcreate.proof.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.getorcreate.ArbiterFailedException;
import dev.getorcreate.CreationFailedException;
import dev.getorcreate.Outcome;
import dev.getorcreate.Source;
import dev.getorcreate.WaitTimeoutException;
import dev.getorcreate.spi.Claim;
import dev.getorcreate.spi.Look;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a failed creation means to other processes, and to those who come later. */
class FailureMarksTest extends FailureMarksFixture {

    @Test
    void whoWaitedInAnotherProcessFailsWithTheCreatorAndSoDoWhoJoinedIt() {
        Gate gate = new Gate();
        IOException mine = new IOException("the very message");
        Caller<Outcome<String>> leader = heldLeader(here, gate, key -> {
            throw mine;
        });
        Caller<Outcome<String>> joiner = waiter(here, 1);
        Caller<Outcome<String>> waiter = waiter(there, 2);
        Caller<Outcome<String>> joined = waiter(there, 3);
        CompletableFuture<Outcome<String>> async = there.obtainAsync("k", key -> "mine");
        gate.open();

        CreationFailedException local = leader.error(CreationFailedException.class);
        assertSame(mine, local.getCause());
        assertSame(local, joiner.error(CreationFailedException.class), "who joined here gets the very exception");
        CreationFailedException remote = waiter.error(CreationFailedException.class);
        says(remote, "another process", "java.io.IOException: the very message");
        assertSame(remote, joined.error(CreationFailedException.class));
        assertSame(
                remote,
                assertThrows(CompletionException.class, () -> async.orTimeout(20, TimeUnit.SECONDS)
                                .join())
                        .getCause());
        assertEquals(0, there.stats().creatorRuns());
        assertEquals(3, there.stats().failures());
        assertEquals(0, there.stats().localSize(), "nothing of it is kept");
    }

    @ParameterizedTest
    @EnumSource(names = {"SHARED", "LOCAL_SHARED", "SHARED_ARBITER", "ALL"})
    void aFailureOfAnyKindIsPassedOnInEveryCombinationThatSpansProcesses(Combination tiers) {
        try (var cache = process(tiers, settings -> settings)) {
            Claim claim = foreign.claim("k");
            Caller<Outcome<String>> waiter = waiter(cache, 1);
            foreign.fail("k", claim, "Their$Error", "");
            says(waiter.error(CreationFailedException.class), "in another process: Their$Error");
            assertEquals(0, cache.stats().creatorRuns());
        }
    }

    @Test
    void anArbitersFailureIsPassedOnToo() {
        try (var cache = process(Combination.SHARED_ARBITER, settings -> settings)) {
            table.beforeInsert(key -> {
                throw new IllegalStateException("no connection");
            });
            Gate gate = new Gate();
            Caller<Outcome<String>> leader = heldLeader(cache, gate, key -> "v");
            Caller<Outcome<String>> waiter = waiter(there, 1);
            gate.open();
            leader.error(ArbiterFailedException.class);
            says(
                    waiter.error(CreationFailedException.class),
                    ArbiterFailedException.class.getName(),
                    "insert threw",
                    "no connection");
        }
    }

    @Test
    void whoComesLaterClaimsOverTheMarkAndCreatesAtOnce() {
        assertInstanceOf(Look.Failed.class, failHere());
        assertEquals(new Outcome<>("new", Source.CREATED), there.obtain("k", key -> "new"));
        assertEquals("new", foreign.record("k"));

        foreign.invalidate("k");
        assertInstanceOf(Look.Failed.class, failHere());
        assertEquals(
                new Outcome<>("again", Source.CREATED),
                here.obtain("k", key -> "again"),
                "also in the process that failed");
        assertEquals(0, here.stats().undecodable() + there.stats().undecodable());
    }

    @Test
    void whoWaitedOnAnotherClaimThanTheOneThatFailedClaimsOverTheMark() {
        Claim other = foreign.claim("other");
        foreign.fail("other", other, "E", "of another claim");
        byte[] mark = assertInstanceOf(Look.Failed.class, foreign.look("other")).seen();
        foreign.claim("k");
        Caller<Outcome<String>> waiter = waiter(there, 1);
        redis.put("marks", "k".getBytes(StandardCharsets.UTF_8), mark);
        assertEquals(new Outcome<>("mine", Source.CREATED), waiter.answer());
    }

    @Test
    void aClaimThatFollowedAnotherWhileItWasWaitedForIsWaitedOnToo() {
        Claim first = foreign.claim("k");
        Caller<Outcome<String>> waiter = waiter(there, 1);
        Claim second = takenOver(first);
        foreign.fail("k", second, "E", "of the second");
        says(waiter.error(CreationFailedException.class), "of the second");
        assertEquals(0, there.stats().creatorRuns());
    }

    /** One claim follows the other, and the waiting process sees only the second. */
    private Claim takenOver(Claim first) {
        itsStore.faults().hold();
        foreign.release("k", first);
        Claim second = foreign.claim("k");
        itsStore.faults().release();
        Passing.asleep(time, 1);
        return second;
    }

    @Test
    void aClaimThatChangesHandsGivesNobodyMoreTime() {
        Claim first = foreign.claim("k");
        Caller<Outcome<String>> waiter = waiter(there, 1);
        Passing.by(time, WAIT.minus(HOLD), 1);
        Claim second = takenOver(first);
        Passing.by(time, HOLD.minus(MILLI), 1);
        Passing.asleep(time, 1);
        time.advance(MILLI);
        waiter.error(WaitTimeoutException.class);
        foreign.release("k", second);
    }

    @Test
    void aMarkStandsForFailureHold() {
        assertInstanceOf(Look.Failed.class, failHere());
        time.advance(HOLD.minus(MILLI));
        Look.Failed mark = assertInstanceOf(Look.Failed.class, foreign.look("k"));
        assertEquals(IllegalStateException.class.getName(), mark.error());
        assertEquals("mine", mark.message());
        time.advance(MILLI);
        assertEquals(Look.Nothing.NOTHING, foreign.look("k"));
    }

    @Test
    void aFindTakesAMarkForAMissAndLeavesIt() {
        failHere();
        assertEquals(Optional.empty(), there.find("k"));
        assertInstanceOf(Look.Failed.class, foreign.look("k"));
        try (var cache = process(Combination.ALL, settings -> settings)) {
            table.insert("k", "row");
            assertEquals(Optional.of("row"), cache.find("k"));
        }
        assertEquals(0, there.stats().undecodable());
    }

    @Test
    void anInvalidationRemovesAMark() {
        failHere();
        there.invalidate("k");
        assertEquals(Look.Nothing.NOTHING, foreign.look("k"));
    }
}
