package dev.getorcreate.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.testkit.VirtualTime;
import java.time.Duration;
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
    private final Link one = link();
    private final Link other = link();

    private Link link() {
        return new Wire(store.routes().home(new byte[0]), time).link;
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void confirmed(String key, Link over) {
        confirmations.add(
                new Confirmations.Confirmed(space, key.equals(ALL) ? null : space.bare(key), over, time.nanoTime()));
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
        one.end();
        time.advance(Duration.ofHours(1));
        confirmations.goOn(one::equals, other);
        assertEquals(Set.of(), missedWhenLost(one));
        time.advance(Duration.ofSeconds(6));
        confirmed("b", other);
        time.advance(Duration.ofSeconds(2));
        assertEquals(Set.of("b"), missedWhenLost(other));
    }

    @Test
    void whatWentOverALinkThatIsLostMayBeMissedWhenTheNextOneIsLostSoon() {
        confirmed("a", one);
        confirmed(ALL, one);
        one.end();
        time.advance(Duration.ofHours(1));
        confirmations.goOn(one::equals, other);
        time.advance(Duration.ofSeconds(9));
        assertEquals(Set.of(ALL, "a"), missedWhenLost(other));
    }
}
