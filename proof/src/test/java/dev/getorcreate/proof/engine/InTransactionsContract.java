package dev.getorcreate.proof.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.CacheBuilder;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Invalidation;
import dev.getorcreate.Outcome;
import dev.getorcreate.RecursiveCreationException;
import dev.getorcreate.Source;
import dev.getorcreate.jdbc.JdbcArbiter;
import dev.getorcreate.jdbc.JdbcTransactions;
import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.redis.RedisSharedStore;
import dev.getorcreate.spi.Codec;
import dev.getorcreate.spi.KeyCodec;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What callers' transactions do through a cache, and what others see of it; on a real Redis and a real database. */
abstract class InTransactionsContract {

    private static final Duration HARDLY_EVER = Duration.ofSeconds(60);

    private static RealRedis redis;

    private final String table = "tx_" + UUID.randomUUID().toString().replace("-", "");
    private final String name = table;
    private DataSource dataSource;
    private JdbcTransactions transactions;
    /** Two processes. */
    private GetOrCreateCache<String, String> here;

    private GetOrCreateCache<String, String> there;

    abstract DataSource dataSource();

    @BeforeAll
    static void startRedis() {
        redis = new RealRedis();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    @BeforeEach
    void open() throws SQLException {
        dataSource = dataSource();
        transactions = new JdbcTransactions(dataSource);
        execute("CREATE TABLE " + table + "(k VARCHAR(50) PRIMARY KEY, v VARCHAR(50))");
        here = builder(redis.one).build();
        there = builder(redis.two).build();
        here.find("warm"); // learns the generation
    }

    @AfterEach
    void close() throws SQLException {
        if (there == null) {
            return; // the database cannot be had, and the test is skipped
        }
        here.close();
        there.close();
        execute("DROP TABLE " + table);
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private JdbcArbiter<String, String> arbiter() {
        return JdbcArbiter.<String, String>on(dataSource)
                .table(table)
                .key("k", key -> key)
                .columns((row, key, value) -> row.set("v", value))
                .mapper(row -> row.getString("v"))
                .transactions(transactions)
                .build();
    }

    private CacheBuilder<String, String> builder(RedisSharedStore store) {
        return GetOrCreateCache.<String, String>builder(name)
                .local(CaffeineLocal.defaults())
                .shared(store, KeyCodec.string(), Codec.string())
                .timeToLive(Duration.ofMinutes(5))
                .waitTimeout(HARDLY_EVER.multipliedBy(2))
                .maxCreationTime(HARDLY_EVER)
                .arbiter(arbiter());
    }

    private CacheBuilder<String, String> withoutShared() {
        return GetOrCreateCache.<String, String>builder(name)
                .local(CaffeineLocal.defaults())
                .arbiter(arbiter());
    }

    /** Waits in its own flight or in another's: its creator did not run, and it has no answer. */
    private static Caller<Outcome<String>> waiting(GetOrCreateCache<String, String> cache, String creates) {
        return Caller.start(() -> cache.obtain("k", key -> creates));
    }

    private static final class Undone extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void whatIsCreatedIsPublishedAfterTheCommitAndNotBefore() throws Exception {
        transactions.run(connection -> {
            assertEquals(new Outcome<>("mine", Source.CREATED), here.obtain("k", key -> "mine"));
            String standing = String.valueOf(redis.server.command("GET", redis.raw(name, "k")));
            assertFalse(standing.contains("mine"), "published before the commit");
            assertEquals(Optional.empty(), there.find("other"));
            return null;
        });
        assertTrue(String.valueOf(redis.server.command("GET", redis.raw(name, "k")))
                .contains("mine"));
        assertEquals(new Outcome<>("mine", Source.LOCAL), here.obtain("k", key -> "never"));
        assertEquals(new Outcome<>("mine", Source.SHARED), there.obtain("k", key -> "never"));
        assertEquals(1, here.stats().creatorRuns());
    }

    @Test
    void othersWaitForTheCommitAndGetItsRecord() throws Exception {
        Caller<Outcome<String>>[] others = othersMeanwhile(null);
        assertEquals(new Outcome<>("mine", Source.WAITED), others[0].answer());
        assertEquals(new Outcome<>("mine", Source.WAITED), others[1].answer());
    }

    @Test
    void othersStartAnewAfterARollbackAndNeverSeeTheRowThatWasUndone() throws Exception {
        Undone undone = new Undone();
        Caller<Outcome<String>>[] others = othersMeanwhile(undone);
        assertEquals("anew", others[0].answer().value());
        assertEquals("anew", others[1].answer().value());
        assertTrue(others[0].answer().created() ^ others[1].answer().created());
        assertEquals(Optional.of("anew"), arbiter().find("k"));
    }

    /** One caller of this process and one of the other ask while a transaction has created; then it ends. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    private Caller<Outcome<String>>[] othersMeanwhile(@org.jspecify.annotations.Nullable RuntimeException end) {
        Caller<Outcome<String>>[] others = new Caller[2];
        Runnable run = () -> {
            try {
                transactions.run(connection -> {
                    here.obtain("k", key -> "mine");
                    others[0] = waiting(here, "anew");
                    others[1] = waiting(there, "anew");
                    // Nothing but the end of this transaction lets them go on.
                    Awaitility.await()
                            .during(Duration.ofMillis(300))
                            .until(() -> !others[0].isDone() && !others[1].isDone());
                    if (end != null) {
                        throw end;
                    }
                    return null;
                });
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        };
        if (end == null) {
            run.run();
        } else {
            assertSame(end, assertThrows(RuntimeException.class, run::run));
        }
        return others;
    }

    @Test
    void theOwnerAskingAgainGetsItsPendingRecord() throws Exception {
        transactions.run(connection -> {
            here.obtain("k", key -> "mine");
            assertEquals(new Outcome<>("mine", Source.FOUND), here.obtain("k", key -> "never"));
            assertEquals(Optional.of("mine"), here.find("k"));
            assertEquals(
                    new Outcome<>("mine", Source.FOUND),
                    here.obtainAsync("k", key -> "never").join());
            return null;
        });
        assertEquals(new Outcome<>("mine", Source.SHARED), there.obtain("k", key -> "never"));
    }

    @Test
    void whatASavepointUndidIsNotPublished() throws Exception {
        transactions.run(connection -> {
            Savepoint before = connection.setSavepoint();
            here.obtain("k", key -> "undone");
            connection.rollback(before);
            return null;
        });
        assertEquals(Optional.empty(), there.find("k"));
        assertEquals(new Outcome<>("anew", Source.CREATED), there.obtain("k", key -> "anew"));
    }

    @Test
    void whatIsPublishedIsTheRowAsItWasCommitted() throws Exception {
        transactions.run(connection -> {
            here.obtain("k", key -> "first");
            execute(connection, "UPDATE " + table + " SET v = 'changed since' WHERE k = 'k'");
            return null;
        });
        assertEquals("changed since", here.getOrCreate("k", key -> "never"));
        assertEquals("changed since", there.getOrCreate("k", key -> "never"));
    }

    @Test
    void anInvalidationIsSentAfterTheCommitAndItsTransactionSeesItsOwnChangeBefore() throws Exception {
        isSentAfterTheCommit(() -> here.invalidate("k"));
    }

    @Test
    void anInvalidationOfAllIsSentAfterTheCommitAndItsTransactionSeesItsOwnChangeBefore() throws Exception {
        isSentAfterTheCommit(() -> here.invalidateAll());
    }

    private void isSentAfterTheCommit(Supplier<Invalidation> invalidation) throws Exception {
        here.obtain("k", key -> "old");
        there.obtain("k", key -> "never");
        transactions.run(connection -> {
            execute(connection, "UPDATE " + table + " SET v = 'new' WHERE k = 'k'");
            assertEquals(Invalidation.AFTER_COMMIT, invalidation.get());
            assertEquals(new Outcome<>("new", Source.FOUND), here.obtain("k", key -> "never"));
            assertEquals(new Outcome<>("old", Source.LOCAL), there.obtain("k", key -> "never"));
            return null;
        });
        assertEquals("new", here.getOrCreate("k", key -> "never"));
        Awaitility.await().until(() -> there.getOrCreate("k", key -> "never").equals("new"));
    }

    @Test
    void outsideOfATransactionAnInvalidationIsSentAtOnce() throws Exception {
        isSentAtOnce("first", () -> here.invalidate("k"));
        isSentAtOnce("second", () -> here.invalidateAll());
    }

    private void isSentAtOnce(String value, Supplier<Invalidation> invalidation) throws Exception {
        here.obtain("k", key -> "old");
        there.obtain("k", key -> "never");
        execute("UPDATE " + table + " SET v = '" + value + "' WHERE k = 'k'");
        assertEquals(Invalidation.CONFIRMED, invalidation.get());
        assertEquals(value, here.getOrCreate("k", key -> "never"));
        Awaitility.await().until(() -> there.getOrCreate("k", key -> "never").equals(value));
    }

    @Test
    void anInvalidationIsNotSentAfterARollback() throws Exception {
        here.obtain("k", key -> "old");
        assertThrows(
                Undone.class,
                () -> transactions.run(connection -> {
                    execute(connection, "UPDATE " + table + " SET v = 'new' WHERE k = 'k'");
                    here.invalidateAll();
                    assertEquals("new", here.getOrCreate("k", key -> "never"));
                    throw new Undone();
                }));
        assertEquals(new Outcome<>("old", Source.LOCAL), here.obtain("k", key -> "never"));
    }

    @Test
    void insideOfATransactionCachedRecordsAreHits() throws Exception {
        there.obtain("k", key -> "theirs");
        transactions.run(connection -> {
            assertEquals(new Outcome<>("theirs", Source.SHARED), here.obtain("k", key -> "never"));
            return null;
        });
        here.obtain("k", key -> "never");
        transactions.run(connection -> {
            assertEquals(new Outcome<>("theirs", Source.LOCAL), here.obtain("k", key -> "never"));
            return null;
        });
    }

    /** It holds a connection, which whoever holds that claim may need. */
    @Test
    void aTransactionDoesNotWaitForAnothersClaim() throws Exception {
        Gate gate = new Gate();
        Caller<Outcome<String>> creating = Caller.start(() -> there.obtain("k", key -> {
            gate.pass();
            return "theirs";
        }));
        gate.awaitArrival();
        transactions.run(connection -> here.obtain("k", key -> "mine"));
        gate.open();
        assertEquals(new Outcome<>("mine", Source.ADOPTED), creating.answer());
        assertEquals(Optional.of("mine"), arbiter().find("k"));
    }

    @Test
    void othersWaitForATransactionNoLongerThanMaxCreationTime() throws Exception {
        here.close();
        try (GetOrCreateCache<String, String> impatient =
                builder(redis.one).maxCreationTime(Duration.ofMillis(300)).build()) {
            Gate gate = new Gate();
            Caller<Outcome<String>> other = transactions.run(connection -> {
                impatient.obtain("k", key -> "mine");
                Caller<Outcome<String>> asking = Caller.start(() -> there.obtain("k", key -> {
                    gate.pass();
                    return "theirs";
                }));
                gate.awaitArrival(); // its creator runs, though this transaction is still open
                return asking;
            });
            gate.open();
            assertEquals(new Outcome<>("mine", Source.ADOPTED), other.answer());
            assertEquals(1, impatient.stats().overdue());
        }
    }

    @Test
    void withoutASharedStoreOthersOfTheProcessWaitForTheCommitToo() throws Exception {
        try (GetOrCreateCache<String, String> alone = withoutShared().build()) {
            Caller<Outcome<String>> other = transactions.run(connection -> {
                alone.obtain("k", key -> "mine");
                return waiting(alone, "never");
            });
            assertEquals("mine", other.answer().value());
            assertEquals(new Outcome<>("mine", Source.LOCAL), alone.obtain("k", key -> "never"));
            Undone undone = new Undone();
            assertThrows(
                    Undone.class,
                    () -> transactions.run(connection -> {
                        alone.obtain("l", key -> "undone");
                        throw undone;
                    }));
            assertEquals(new Outcome<>("anew", Source.CREATED), alone.obtain("l", key -> "anew"));
        }
    }

    @Test
    void whatWaitsForTheRecordRunsInNobodysTransaction() throws Exception {
        CompletableFuture<Boolean> inside = transactions.run(connection -> {
            here.obtain("k", key -> "mine");
            Caller<CompletableFuture<Boolean>> other = Caller.start(
                    () -> here.obtainAsync("k", key -> "never").thenApply(got -> transactions.connection() != null));
            return other.answer();
        });
        assertEquals(false, inside.get(20, TimeUnit.SECONDS));
        CompletableFuture<Boolean> afterRollback = new CompletableFuture<>();
        assertThrows(
                Undone.class,
                () -> transactions.run(connection -> {
                    here.obtain("l", key -> "undone");
                    Caller.start(() -> here.obtainAsync("l", key -> "anew")
                                    .thenAccept(got -> afterRollback.complete(transactions.connection() != null)))
                            .answer();
                    throw new Undone();
                }));
        assertEquals(false, afterRollback.get(20, TimeUnit.SECONDS));
    }

    /** Else those outside would join one after the other, and get no answer of any. */
    @Test
    void aRowThatIsFoundClaimsNothingAndHoldsNobodyUp() throws Exception {
        execute("INSERT INTO " + table + " VALUES ('k', 'row')");
        transactions.run(connection -> {
            assertEquals(new Outcome<>("row", Source.FOUND), here.obtain("k", key -> "never"));
            assertFalse(redis.stands(name, "k"));
            assertEquals(new Outcome<>("row", Source.FOUND), there.obtain("k", key -> "never"));
            return null;
        });
    }

    @Test
    void oneKeyThatCannotBeInvalidatedLosesNoOther() throws Exception {
        here.obtain("k", key -> "old");
        there.obtain("k", key -> "never");
        transactions.run(connection -> {
            assertThrows(NullPointerException.class, () -> here.invalidate(null));
            execute(connection, "UPDATE " + table + " SET v = 'new' WHERE k = 'k'");
            here.invalidate("k");
            return null;
        });
        Awaitility.await().until(() -> there.getOrCreate("k", key -> "never").equals("new"));
    }

    @Test
    void aTransactionWithinTheTellingOfAnothersEndIsOneOfItsOwn() throws Exception {
        transactions.run(connection -> {
            transactions.hearer(this, () -> how -> {
                assertFalse(transactions.isActive());
                try {
                    transactions.run(inner -> here.obtain("k", key -> "mine"));
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            return null;
        });
        assertEquals(Optional.of("mine"), arbiter().find("k"));
    }

    @Test
    void othersAreNotLeftWaitingWhenTheCacheIsClosed() throws Exception {
        Caller<Outcome<String>> late = transactions.run(connection -> {
            here.obtain("k", key -> "mine");
            Gate gate = new Gate();
            Caller<Outcome<String>> other = Caller.start(() -> there.obtain("k", key -> {
                gate.pass();
                return "theirs";
            }));
            here.close();
            gate.awaitArrival();
            gate.open();
            return other;
        });
        assertEquals(new Outcome<>("mine", Source.ADOPTED), late.answer());
    }

    @Test
    void whatIsRefusedIsAFailureToo() throws Exception {
        transactions.run(connection -> here.obtain("k", outer -> {
            assertThrows(RecursiveCreationException.class, () -> here.obtain("k", key -> "never"));
            return "mine";
        }));
        assertEquals(1, here.stats().failures());
    }

    @Test
    void anInvalidationIsSentThoughTheCacheWasClosedMeanwhile() throws Exception {
        here.obtain("k", key -> "old");
        there.obtain("k", key -> "never");
        transactions.run(connection -> {
            execute(connection, "UPDATE " + table + " SET v = 'new' WHERE k = 'k'");
            here.invalidate("k");
            here.close();
            return null;
        });
        Awaitility.await().until(() -> there.getOrCreate("k", key -> "never").equals("new"));
    }

    @Test
    void aCreatorThatThrowsLetsOthersCreate() throws Exception {
        transactions.run(connection -> {
            assertThrows(
                    Undone.class,
                    () -> here.obtain("k", key -> {
                        throw new Undone();
                    }));
            assertEquals(new Outcome<>("theirs", Source.CREATED), there.obtain("k", key -> "theirs"));
            return null;
        });
    }

    @Test
    void aCacheThatWasClosedMeanwhileFailsNoCommit() throws Exception {
        transactions.run(connection -> {
            here.obtain("k", key -> "mine");
            here.invalidate("l");
            here.close();
            return null;
        });
        assertEquals("mine", there.getOrCreate("k", key -> "never"));
    }
}
