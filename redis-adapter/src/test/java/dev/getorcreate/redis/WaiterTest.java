package dev.getorcreate.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.SharedStoreUnavailableException;
import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.Token;
import dev.getorcreate.testkit.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A sleeper whom nobody tells of anything: the claim's holder is dead, or what it does is not told. */
@Timeout(60)
class WaiterTest {

    private static final Duration STEP = Duration.ofMillis(5);
    private static final Duration END = Duration.ofMinutes(1);
    private static final Settings SETTINGS = new Settings(
            "nowhere",
            Duration.ofMillis(250),
            Duration.ofSeconds(2),
            1 << 20,
            Settings.NEVER_COMPRESS,
            RedisSharedStoreBuilder.POLL_EVERY,
            false);

    private final VirtualTime time = new VirtualTime();
    private final Token token = Token.random();
    private final AtomicInteger lives = new AtomicInteger();
    private final AtomicInteger pollsThatFound = new AtomicInteger();

    /** A claim that stands until then; and what the server says of it. */
    private class Claimed implements Waiter.Looker {

        private final int lease;
        private final Duration until;

        Claimed(int lease, Duration until) {
            this.lease = lease;
            this.until = until;
        }

        Look now() {
            return time.nanoTime() < until.toNanos() ? new Look.Held(token, lease, 0) : Look.Nothing.NOTHING;
        }

        @Override
        public void lookAgain(Waiter waiter) {
            waiter.looked(now());
        }

        @Override
        public RuntimeException unanswered() {
            return new IllegalStateException("all is answered");
        }

        @Override
        public long remainingLifeMillis() {
            lives.incrementAndGet();
            return (until.toNanos() - time.nanoTime()) / 1_000_000;
        }
    }

    /** When it wakes, with nothing there any more. */
    private Duration wakes(Claimed claimed) {
        assertInstanceOf(Look.Nothing.class, slept(claimed, END));
        return Duration.ofNanos(time.nanoTime());
    }

    /** What it wakes with, if need be because its own time is over. */
    private Look slept(Claimed claimed, Duration atMost) {
        Waiter waiter = new Waiter(
                assertInstanceOf(Look.Held.class, claimed.now()),
                time,
                SETTINGS,
                claimed,
                pollsThatFound::incrementAndGet);
        CompletableFuture<Look> sleeper = CompletableFuture.supplyAsync(() -> {
            try {
                return waiter.sleep(atMost.toNanos());
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        while (true) {
            while (time.waiting() == 0 && !sleeper.isDone()) {
                Thread.onSpinWait();
            }
            if (sleeper.isDone()) {
                return sleeper.join();
            }
            time.advance(STEP);
        }
    }

    /** A poll that finds it as it was proves no renewal: it must not put off what is known of the end. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 10})
    void theEndOfADeadHoldersClaimIsAskedForOnceAndMetWhateverThePollsShow(int seconds) {
        Duration lease = Duration.ofSeconds(seconds);
        Duration woken = wakes(new Claimed((int) lease.toMillis(), lease));
        assertTrue(woken.compareTo(lease.plusMillis(10)) <= 0, () -> "woken after " + woken);
        assertEquals(1, lives.get());
        assertEquals(0, pollsThatFound.get(), "no push got lost");
    }

    /** Whose renewals are not told either: it goes on to look at each end, and is told by its own looks. */
    @Test
    void aClaimThatIsRenewedUntoldIsSleptOnForAsLongAsItStands() {
        Duration until = Duration.ofSeconds(7);
        int lease = 2000;
        Duration woken = wakes(new Claimed(lease, until) {
            @Override
            public long remainingLifeMillis() {
                lives.incrementAndGet();
                return Math.min(lease * 2L / 3, (until.toNanos() - time.nanoTime()) / 1_000_000);
            }
        });
        assertTrue(woken.compareTo(until.plusMillis(1250)) <= 0, () -> "woken after " + woken);
        assertTrue(lives.get() > 1, () -> lives + " questions for the end");
    }

    /** Or those who wait in many processes would load the server, and all at the same moments. */
    @Test
    void whoIsToldOfNothingLooksMoreAndMoreSeldomAndAtUnequalDistances() {
        List<Long> looks = new ArrayList<>();
        Claimed claimed = new Claimed((int) END.toMillis(), END) {
            @Override
            public void lookAgain(Waiter waiter) {
                looks.add(time.nanoTime() / 1_000_000);
                super.lookAgain(waiter);
            }
        };
        long start = time.nanoTime() / 1_000_000;
        assertInstanceOf(Look.Held.class, slept(claimed, Duration.ofSeconds(10)));
        List<Long> distances = IntStream.range(0, looks.size())
                .mapToObj(i -> looks.get(i) - (i == 0 ? start : looks.get(i - 1)))
                .toList();
        // After about 250 ms, then 500 ms, then every second, each a quarter more or less.
        assertTrue(looks.size() >= 8 && looks.size() <= 14, distances::toString);
        assertTrue(Collections.min(distances) >= 50, distances::toString);
        List<Long> seldom = distances.subList(2, distances.size());
        assertTrue(Collections.max(seldom) - Collections.min(seldom) > 20, distances::toString);
    }

    /** The server says the one in time, and is silent about the other. */
    @Test
    void whoIsToldWhileItAsksForTheEndHasItsAnswer() throws Exception {
        CompletableFuture<Waiter> asleep = new CompletableFuture<>();
        Duration lease = Duration.ofMillis(200);
        Claimed claimed = new Claimed((int) lease.toMillis(), lease) {
            @Override
            public long remainingLifeMillis() {
                asleep.join().looked(Look.Nothing.NOTHING);
                throw new SharedStoreUnavailableException("no answer, as if", null);
            }
        };
        Waiter waiter = new Waiter(assertInstanceOf(Look.Held.class, claimed.now()), time, SETTINGS, claimed, () -> {});
        asleep.complete(waiter);
        time.advance(lease.dividedBy(2));
        assertInstanceOf(Look.Nothing.class, waiter.sleep(END.toNanos()));
    }
}
