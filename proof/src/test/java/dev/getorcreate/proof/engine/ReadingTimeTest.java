package dev.getorcreate.proof.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.getorcreate.Arbiter;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Outcome;
import dev.getorcreate.Ruling;
import dev.getorcreate.Source;
import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.spi.Transactions;
import dev.getorcreate.testkit.InMemoryArbiter;
import dev.getorcreate.testkit.VirtualTime;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An entry's age is that of what was read: a process that is stopped between reading and keeping keeps nothing old. */
@Timeout(120)
class ReadingTimeTest {

    private static final Duration STOP = Duration.ofMinutes(10);

    private final VirtualTime time = new VirtualTime();
    private final InMemoryArbiter<String, String> table = new InMemoryArbiter<>();
    /** How many statements are to come after which the process is stopped. */
    private int stops = 1;

    private final Arbiter<String, String> stopping = new RelayedArbiter(table) {
        @Override
        public Optional<String> find(String key) {
            Optional<String> row = super.find(key);
            if (row.isPresent()) {
                stop();
            }
            return row;
        }

        @Override
        public Ruling<String> insert(String key, String candidate) {
            Ruling<String> ruling = super.insert(key, candidate);
            stop();
            return ruling;
        }
    };

    private void stop() {
        if (stops-- > 0) {
            time.advance(STOP);
        }
    }

    private GetOrCreateCache<String, String> over(Arbiter<String, String> arbiter) {
        return GetOrCreateCache.<String, String>builder("reading")
                .local(CaffeineLocal.defaults().expireAfterWrite(Duration.ofMinutes(1)))
                .arbiter(arbiter)
                .maxCreationTime(Duration.ofHours(1))
                .timeSource(time)
                .build();
    }

    private void isNotKept(GetOrCreateCache<String, String> cache) {
        table.put("k", "new");
        assertEquals(new Outcome<>("new", Source.FOUND), cache.obtain("k", key -> "never"));
        assertEquals(new Outcome<>("new", Source.LOCAL), cache.obtain("k", key -> "never"));
    }

    @Test
    void ofARowThatWasFound() {
        table.put("k", "old");
        try (var cache = over(stopping)) {
            assertEquals(new Outcome<>("old", Source.FOUND), cache.obtain("k", key -> "never"));
            isNotKept(cache);
        }
    }

    @Test
    void ofARowThatWasInserted() {
        try (var cache = over(stopping)) {
            assertEquals(new Outcome<>("old", Source.CREATED), cache.obtain("k", key -> "old"));
            isNotKept(cache);
        }
    }

    @Test
    void ofARowThatATransactionCreated() {
        stops = 0;
        OneTransaction transaction = new OneTransaction();
        try (var cache = over(transaction.joinedBy(stopping))) {
            assertEquals(new Outcome<>("old", Source.CREATED), cache.obtain("k", key -> "old"));
            stops = 1;
            transaction.end(Transactions.Completion.COMMITTED);
            isNotKept(cache);
        }
    }

    /** It would never be kept otherwise. */
    @Test
    void theTimeThatTheCreatorTakesIsNoneOfIt() {
        stops = 0;
        try (var cache = over(stopping)) {
            cache.getOrCreate("k", key -> {
                time.advance(STOP);
                return "v";
            });
            assertEquals(new Outcome<>("v", Source.LOCAL), cache.obtain("k", key -> "never"));
        }
    }
}
