package dev.getorcreate.proof.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Outcome;
import dev.getorcreate.Source;
import dev.getorcreate.spi.Transactions;
import dev.getorcreate.testkit.InMemoryArbiter;
import dev.getorcreate.testkit.InMemoryRedis;
import dev.getorcreate.testkit.InMemorySharedStore;
import dev.getorcreate.testkit.VirtualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a record stays in the shared store: for as long as was said, to the millisecond. */
@Timeout(120) // virtual time stands still where a test fails to move it
class TimeToLiveTest {

    private static final Duration TIME_TO_LIVE = Duration.ofMinutes(7);
    private static final Duration MILLI = Duration.ofMillis(1);

    private final VirtualTime time = new VirtualTime();
    private final InMemoryRedis redis = new InMemoryRedis(time);
    private final InMemorySharedStore store = new InMemorySharedStore(redis);
    private final InMemorySharedStore elsewhere = new InMemorySharedStore(redis);
    private final InMemoryArbiter<String, String> table = new InMemoryArbiter<>();

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsCreated(boolean arbiter) {
        Combination tiers = arbiter ? Combination.ALL : Combination.LOCAL_SHARED;
        try (var here = tiers.builder("living", store, table)
                .timeToLive(TIME_TO_LIVE)
                .timeSource(time)
                .build()) {
            assertEquals(new Outcome<>("v", Source.CREATED), here.obtain("k", key -> "v"));
            staysForThatLong(arbiter);
        }
    }

    @Test
    void whatATransactionCreatesFromItsCommitOn() {
        OneTransaction transaction = new OneTransaction();
        try (var here = Combination.ALL
                .builder("living", store, transaction.joinedBy(table))
                .timeToLive(TIME_TO_LIVE)
                .timeSource(time)
                .build()) {
            assertEquals(new Outcome<>("v", Source.CREATED), here.obtain("k", key -> "v"));
            time.advance(Duration.ofSeconds(5));
            transaction.end(Transactions.Completion.COMMITTED);
            staysForThatLong(true);
        }
    }

    /** As another process sees it, which has no local store. */
    private void staysForThatLong(boolean arbiter) {
        Combination tiers = arbiter ? Combination.SHARED_ARBITER : Combination.SHARED;
        try (GetOrCreateCache<String, String> there =
                tiers.builder("living", elsewhere, table).timeSource(time).build()) {
            time.advance(TIME_TO_LIVE.minus(MILLI));
            assertEquals(new Outcome<>("v", Source.SHARED), there.obtain("k", key -> "never"));
            time.advance(MILLI);
            assertEquals(
                    arbiter ? new Outcome<>("v", Source.FOUND) : new Outcome<>("anew", Source.CREATED),
                    there.obtain("k", key -> "anew"));
        }
    }
}
