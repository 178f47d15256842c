package dev.getorcreate.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.getorcreate.SharedStoreUnavailableException;
import dev.getorcreate.spi.Claim;
import dev.getorcreate.spi.Token;
import dev.getorcreate.testkit.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeasesTest {

    private final List<Duration> ticks = new ArrayList<>();
    private final List<Runnable> due = new ArrayList<>();
    private int renewed;
    private boolean overflows;
    private final VirtualTime time = new VirtualTime();
    private final Leases leases = new Leases(
            time,
            whole -> {
                renewed++;
                throw new SharedStoreUnavailableException("nothing is sent", null);
            },
            (tick, nanos) -> {
                if (overflows) {
                    throw new StackOverflowError("as if");
                }
                ticks.add(Duration.ofNanos(nanos));
                due.add(tick);
            },
            new Releases(time, LeasesTest::nowhere));

    private static Link nowhere(byte[] whole) {
        throw new AssertionError("nothing is sent");
    }

    private void granted(Duration lease) {
        Claim claim = new Claim(Token.random(), lease, () -> {});
        leases.asking(NOWHERE, claim);
        leases.granted(claim);
    }

    @SuppressWarnings("NullAway") // nothing is sent
    private static final Place NOWHERE = new Place(null, null, new byte[0], null);

    @Test
    void oneTickThatCannotBeSetTakesNoneFromTheOthers() {
        granted(Duration.ofSeconds(9));
        overflows = true;
        assertThrows(StackOverflowError.class, () -> granted(Duration.ofSeconds(3)));
        overflows = false;
        granted(Duration.ofSeconds(6));
        assertEquals(List.of(Duration.ofSeconds(3), Duration.ofSeconds(2)), ticks);
    }

    /** What is due is due all the same, and the next claim that is granted sets a tick again. */
    @Test
    void aTickAfterWhichNoneCanBeSetRenewsWhatIsDue() {
        granted(Duration.ofSeconds(9));
        time.advance(Duration.ofSeconds(3));
        overflows = true;
        assertThrows(StackOverflowError.class, () -> due.get(0).run());
        assertEquals(1, renewed);
        overflows = false;
        granted(Duration.ofSeconds(6));
        assertEquals(List.of(Duration.ofSeconds(3), Duration.ofSeconds(2)), ticks);
    }
}
