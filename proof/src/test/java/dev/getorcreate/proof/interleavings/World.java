package dev.getorcreate.proof.interleavings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.Arbiter;
import dev.getorcreate.CacheBuilder;
import dev.getorcreate.Creator;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Outcome;
import dev.getorcreate.SharedStoreUnavailableException;
import dev.getorcreate.Source;
import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.spi.Codec;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.SharedStore;
import dev.getorcreate.testkit.InMemoryArbiter;
import dev.getorcreate.testkit.InMemoryRedis;
import dev.getorcreate.testkit.WireFaults;
import dev.getorcreate.testkit.interleavings.Result;
import dev.getorcreate.testkit.interleavings.Setup;
import dev.getorcreate.testkit.interleavings.SteppedProcess;
import dev.getorcreate.testkit.interleavings.SteppedSharedStore;
import dev.getorcreate.testkit.interleavings.Steps;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The real engine in several processes around one key: its flights and Caffeine are the shipped ones, server and network
 * are the twin's, and whatever one of them does is a step. One object for each interleaving.
 */
final class World {

    static final String KEY = "k";
    static final String CACHE = "c";
    /** So long that no PING comes between: each is more steps, and changes nothing while connections live. */
    static final Duration STALENESS = Duration.ofMinutes(1);

    private static final Duration LONG = Duration.ofHours(1);

    final InMemoryArbiter<String, String> table = new InMemoryArbiter<>();
    final InMemoryRedis redis;
    final Setup setup;
    private final Map<String, Process> processes = new LinkedHashMap<>();
    private final List<String> callers = new ArrayList<>();
    private boolean withArbiter = true;
    private UnaryOperator<Arbiter<String, String>> arbiter = real -> real;
    private @Nullable Arbiter<String, String> stepping;
    private UnaryOperator<SharedStore> store = real -> real;
    private int creations;

    /** One process: its cache, and its way to the server. */
    record Process(SteppedProcess stepped, SteppedSharedStore store, GetOrCreateCache<String, String> cache) {}

    World(Setup setup) {
        this.setup = setup;
        this.redis = setup.redis();
    }

    World withoutArbiter() {
        withArbiter = false;
        return this;
    }

    /** Something broken in its place, to see that it is found. */
    World arbiter(UnaryOperator<Arbiter<String, String>> broken) {
        arbiter = broken;
        return this;
    }

    /** In place of the table, one that makes steps itself. */
    void ruledBy(Arbiter<String, String> inSteps) {
        stepping = inSteps;
    }

    /** Something broken in its place, to see that it is found. */
    World store(UnaryOperator<SharedStore> broken) {
        store = broken;
        return this;
    }

    Process process(String name) {
        return processes.computeIfAbsent(name, this::start);
    }

    private Process start(String name) {
        SteppedProcess stepped = setup.process(name);
        SteppedSharedStore client = stepped.sharedStore(redis, STALENESS);
        CacheBuilder<String, String> builder = GetOrCreateCache.<String, String>builder(CACHE)
                .local(stepped.local(CaffeineLocal.defaults()))
                .shared(store.apply(client), KeyCodec.string(), Codec.string())
                .timeToLive(LONG)
                .timeSource(stepped.time());
        if (withArbiter) {
            builder.arbiter(stepping != null ? stepping : setup.arbiter(arbiter.apply(table)));
        }
        return new Process(stepped, client, builder.build());
    }

    /** So many callers in so many processes: A1, A2 in the first, B1 in the second, and so on. */
    World callers(int... ofProcesses) {
        for (int i = 0; i < ofProcesses.length; i++) {
            for (int k = 1; k <= ofProcesses[i]; k++) {
                String name = (char) ('A' + i) + "" + k;
                caller("P" + (i + 1), name, key -> create(name));
            }
        }
        return this;
    }

    /** A caller that obtains the key once. */
    void caller(String process, String name, Creator<String, String> creator) {
        Process where = process(process);
        callers.add(name);
        where.stepped().callerThatMayFail(name, () -> where.cache().obtain(KEY, creator));
    }

    String create(String by) {
        return Steps.reads("creator of " + by, "create", () -> {
            creations++;
            return "record of " + by;
        });
    }

    /** What may befall one process. */
    World processFaults(String process) {
        process(process).stepped().mayFreeze();
        return deathAndLosses(process);
    }

    World deathAndLosses(String process) {
        SteppedSharedStore client = process(process).store();
        client.mayCrash();
        client.mayLose();
        client.mayLose(WireFaults.Loss.BEFORE_EFFECT);
        client.mayLose(WireFaults.Loss.AFTER_EFFECT);
        return this;
    }

    /** What may befall the server. */
    World serverFaults() {
        setup.mayHappen("the lease ends early", () -> redis.endLife(CACHE, KEY.getBytes(StandardCharsets.US_ASCII)));
        setup.mayHappen("FLUSHALL", redis::flushAll);
        setup.mayHappen("a failover forgets all", () -> {
            redis.forgetAll();
            processes.values().forEach(process -> process.store().lose());
        });
        return this;
    }

    /** I1 to I3, I6 and I7, as far as this interleaving lets them be seen. */
    void judge(Result result) {
        List<Outcome<String>> answers = answers(result);
        long created = answers.stream()
                .filter(answer -> answer.source() == Source.CREATED)
                .count();
        if (withArbiter) {
            String row = table.rows().get(KEY);
            answers.forEach(answer -> assertEquals(row, answer.value(), "I2: the row is the record"));
            assertTrue(created <= 1, () -> "I3: " + created + " callers were told that they created");
        }
        if (result.faults().isEmpty()) {
            assertEquals(1, creations, "I7: creators ran");
            assertEquals(1, created, "I3: callers were told that they created");
            assertEquals(1, answers.stream().map(Outcome::value).distinct().count(), "records for one key");
            assertEquals(Duration.ZERO, result.elapsed(), "nobody waited for a time-out");
        }
        assertTrue(
                result.elapsed().compareTo(Duration.ofSeconds(5)) < 0,
                () -> "I6: it took " + result.elapsed() + ", which is two leases and more");
    }

    /** I6: whoever lives has one, or was told that Redis is away where nothing else could help. */
    List<Outcome<String>> answers(Result result) {
        List<Outcome<String>> answers = new ArrayList<>();
        for (String caller : callers) {
            Throwable thrown = result.thrown(caller);
            Outcome<String> answer = outcome(result, caller);
            if (thrown != null) {
                assertInstanceOf(SharedStoreUnavailableException.class, thrown, () -> caller + " threw " + thrown);
                assertTrue(!withArbiter && !result.faults().isEmpty(), () -> caller + " threw " + thrown);
            } else if (answer == null) {
                assertTrue(result.crashed(caller), () -> "I6: " + caller + " has no answer");
            } else {
                answers.add(answer);
            }
        }
        return answers;
    }

    /** What each living process answers now, at once; by then it has heard whatever was said. */
    void afterwards(Result result, String expected) {
        for (Process process : processes.values()) {
            process.store().settle();
        }
        for (Process process : processes.values()) {
            if (!process.stepped().hasCrashed()) {
                assertEquals(
                        expected,
                        process.cache().getOrCreate(KEY, key -> expected),
                        () -> "I4: what " + process.stepped().name() + " answers afterwards");
            }
        }
    }

    /** Runs now, before any step: it happened long ago. */
    void before(Runnable action) {
        processes.values().forEach(process -> process.store().settle());
        action.run();
        processes.values().forEach(process -> process.store().unsettle());
    }

    @SuppressWarnings("unchecked") // callers obtain strings
    static Outcome<String> outcome(Result result, String caller) {
        return (Outcome<String>) result.answer(caller);
    }
}
