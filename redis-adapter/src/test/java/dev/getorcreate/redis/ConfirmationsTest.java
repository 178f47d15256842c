package dev.getorcreate.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.testkit.VirtualTime;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is sent again after a failover, of what was confirmed in the last seconds. */
class ConfirmationsTest {

    private static final String ALL = "*";

    private final VirtualTime time = new VirtualTime();
    private final RedisSharedStore store = Wire.store();
    private final RedisSpace<String> space =
            (RedisSpace<String>) store.open("remembered", KeyCodec.string(), "utf8", key -> {});
    private final Confirmations confirmations = new Confirmations(2);
    private final Wire wire = wire();
    private final Link one = wire.link;
    private final Wire otherWire = wire();
    private final Link other = otherWire.link;
    private long number;

    private Wire wire() {
        return new Wire(store.routes().home(new byte[0]), time);
    }

    private static void ping(Wire wire) {
        wire.link.pulse().ask();
        wire.answer(CommandType.PING, "PONG");
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void confirmed(String key, Link over) {
        confirmations.add(new Confirmations.Confirmed(
                space, key.equals(ALL) ? null : space.bare(key), ++number, over, time.nanoTime()));
    }

    private Set<String> missedWhenLost(Link gone) {
        Set<String> missed = new TreeSet<>();
        confirmations.takeMissed(
                gone::equals,
                each -> missed.add(
                        each.key() == null
                                ? ALL
                                : KeyCodec.string().decode(each.key().bare().array())));
        return missed;
    }

    @Test
    void whatWentOverTheLostLinkMayHaveBeenMissedAndNothingElse() {
        confirmed("a", one);
        confirmed("b", other);
        assertEquals(Set.of("a"), missedWhenLost(one));
        assertEquals(Set.of(), missedWhenLost(one), "for good");
    }

    @Test
    void whatWasConfirmedLongBeforeTheLossWasNotMissed() {
        confirmed("a", one);
        time.advance(Duration.ofSeconds(8));
        confirmed("b", one);
        time.advance(Duration.ofSeconds(4));
        ping(wire);
        assertEquals(Set.of("b"), missedWhenLost(one));
    }

    @Test
    void theCacheStandsForThoseThatAreTooManyToRememberEach() {
        confirmed("a", one);
        confirmed("b", one);
        assertEquals(Set.of("a", "b"), missedWhenLost(one));
        confirmed("a", one);
        confirmed("b", one);
        confirmed("a", one);
        confirmed("c", one);
        assertEquals(Set.of(ALL, "a", "c"), missedWhenLost(one));
    }

    @Test
    void theCacheStandsForThoseOfEachServer() {
        confirmed("a", one);
        confirmed("b", other);
        confirmed("c", other);
        confirmed("d", other);
        assertEquals(Set.of(ALL), missedWhenLost(one));
        assertEquals(Set.of(ALL, "c", "d"), missedWhenLost(other));
    }

    @Test
    void aCacheThatWasInvalidatedSinceStaysSo() {
        confirmed("a", one);
        confirmed("b", one);
        time.advance(Duration.ofSeconds(9));
        confirmed(ALL, one);
        confirmed("c", one);
        time.advance(Duration.ofSeconds(6));
        ping(wire);
        assertEquals(Set.of(ALL, "c"), missedWhenLost(one));
    }

    @Test
    void whatWentOverALinkThatIsLostDoesNotGrowOldWhileNobodyKnowsWhichServerAnswersNext() {
        confirmed("a", one);
        confirmed(ALL, one);
        one.end();
        time.advance(Duration.ofHours(1));
        assertEquals(Set.of(ALL, "a"), missedWhenLost(one));
    }

    @Test
    void whatWentOverALinkThatIsLostGrowsOldAgainOverTheNextOneToTheSameServer() {
        confirmed("a", one);
        confirmed(ALL, one);
        time.advance(Duration.ofSeconds(3));
        ping(wire);
        one.end();
        time.advance(Duration.ofHours(1));
        ping(otherWire);
        confirmations.goOn(one::equals, other);
        assertEquals(Set.of(), missedWhenLost(one));
        time.advance(Duration.ofSeconds(6));
        confirmed("b", other);
        time.advance(Duration.ofSeconds(2));
        ping(otherWire);
        assertEquals(Set.of("b"), missedWhenLost(other));
    }

    @Test
    void whatWentOverALinkThatIsLostMayBeMissedWhenTheNextOneIsLostSoon() {
        confirmed("a", one);
        confirmed(ALL, one);
        one.end();
        time.advance(Duration.ofHours(1));
        ping(otherWire);
        confirmations.goOn(one::equals, other);
        time.advance(Duration.ofSeconds(9));
        ping(otherWire);
        assertEquals(Set.of(ALL, "a"), missedWhenLost(other));
    }

    /** A process was stopped: its server died meanwhile, and a replica took over. */
    @Test
    void whatWasConfirmedShortlyBeforeTheLastSignOfLifeMayHaveBeenMissedThoughTheLossIsNoticedLate() {
        confirmed("a", one);
        confirmed(ALL, one);
        time.advance(Duration.ofSeconds(1));
        ping(wire);
        time.advance(Duration.ofSeconds(15));
        wire.link.pulse().ask();
        one.end();
        assertEquals(Set.of(ALL, "a"), missedWhenLost(one));
    }

    /** As where the permitted staleness is long, and PINGs are rare. */
    @Test
    void anAnsweredDelTellsToo() {
        Invalidations invalidations = new Invalidations(2, time);
        var unused = space.generations().ask(one);
        wire.answer(CommandType.GETRANGE, "a-stamp-ABC");
        invalidate(invalidations, "a");
        time.advance(Duration.ofSeconds(12));
        invalidate(invalidations, "b");
        invalidations.reviveRecent(one::equals);
        assertNull(invalidations.owed(space.bare("a")));
        assertNotNull(invalidations.owed(space.bare("b")));
    }

    private void invalidate(Invalidations invalidations, String name) {
        Invalidations.Key key = space.bare(name);
        Pending mine = invalidations.begin(key);
        one.send(invalidations.deletes().of(space.generations().current(), key, mine));
        wire.answer(CommandType.DEL, 1);
        assertTrue(invalidations.left(key, mine, true));
    }

    /** As of a node that left its cluster: nothing that was confirmed there grows older, nor is it ever missed. */
    @Test
    void whatWentToANodeThatIsClosedIsForgotten() {
        RedisSharedStore closing = Wire.store();
        Link gone = new Wire(closing.routes().home(new byte[0]), time).link;
        confirmed("a", gone);
        confirmed(ALL, gone);
        closing.close();
        confirmed("b", one);
        confirmed(ALL, one);
        Set<Link> remembered = new HashSet<>();
        confirmations.takeMissed(
                link -> {
                    remembered.add(link);
                    return false;
                },
                missed -> {});
        assertEquals(Set.of(one), remembered);
    }
}
