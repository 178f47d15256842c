package dev.getorcreate.jdbc;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.ArbiterFailedException;
import dev.getorcreate.Ruling;
import dev.getorcreate.jdbc.Relay.Cut;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** A connection that ends under a statement, on a real PostgreSQL. */
class ConnectionLossIT {

    private record User(String name, String mark) {}

    private final String table = "users_" + UUID.randomUUID().toString().replace("-", "");
    private PGSimpleDataSource direct;
    private Relay relay;

    @BeforeEach
    void start() throws Exception {
        direct = Postgres.dataSource();
        relay = new Relay(direct);
        Sql.run(direct, "CREATE TABLE " + table + "(name text PRIMARY KEY, mark text UNIQUE, id serial)");
    }

    @AfterEach
    void stop() throws Exception {
        if (relay != null) {
            relay.close();
            Sql.run(direct, "DROP TABLE " + table);
        }
    }

    private JdbcArbiterBuilder<String, User> throughRelay() {
        return JdbcArbiter.<String, User>on(relay.dataSource())
                .table(table)
                .key("name", name -> name)
                .columns((row, name, user) -> row.set("mark", user.mark()))
                .mapper(row -> new User(row.getString("name"), row.getString("mark")))
                .keyOf(User::name);
    }

    private String rows() throws SQLException {
        return Sql.ask(direct, "SELECT count(*) FROM " + table);
    }

    @Test
    void anInsertWhoseAnswerIsLostIsRecoveredAndThereIsOneRow() throws Exception {
        JdbcArbiter<String, User> arbiter = throughRelay().build();
        User mine = new User("ada", "m1");
        relay.next(1, Cut.AFTER_IT_TOOK_EFFECT, "INSERT INTO");
        assertEquals(Ruling.recovered(mine), arbiter.insert("ada", mine));
        assertEquals(1, relay.cuts());
        assertEquals("1", rows());
        // Read back, not inserted again: after a failover the database may only be readable.
        assertEquals("1", Sql.ask(direct, "SELECT last_value FROM " + table + "_id_seq"));
    }

    @Test
    void anIdentityTellsWhetherTheRowIsOurs() throws Exception {
        JdbcArbiter<String, User> arbiter = throughRelay().identity(User::mark).build();
        User mine = new User("ada", "m1");
        relay.next(1, Cut.AFTER_IT_TOOK_EFFECT, "INSERT INTO");
        assertEquals(Ruling.created(mine), arbiter.insert("ada", mine));
        // The answer that is lost here says that another's row stood there.
        relay.next(1, Cut.AFTER_IT_TOOK_EFFECT, "INSERT INTO");
        assertEquals(Ruling.adopted(mine), arbiter.insert("ada", new User("ada", "m2")));
        assertEquals(2, relay.cuts());
        assertEquals("1", rows());
    }

    @Test
    void anInsertThatNeverArrivedIsMadeAgain() throws Exception {
        JdbcArbiter<String, User> arbiter = throughRelay().build();
        User mine = new User("ada", "m1");
        relay.next(2, Cut.BEFORE_IT_ARRIVES, "INSERT INTO");
        assertEquals(Ruling.created(mine), arbiter.insert("ada", mine));
        assertEquals(2, relay.cuts());
        assertEquals("1", rows());
    }

    @Test
    void theReadingBackMayFailToo() throws Exception {
        JdbcArbiter<String, User> arbiter = throughRelay().build();
        User winner = new User("ada", "m1");
        arbiter.insert("ada", winner);
        relay.next(2, Cut.AFTER_IT_TOOK_EFFECT, "SELECT * FROM");
        assertEquals(Ruling.adopted(winner), arbiter.insert("ada", new User("ada", "m2")));
        relay.next(2, Cut.AFTER_IT_TOOK_EFFECT, "SELECT * FROM");
        assertEquals(Optional.of(winner), arbiter.find("ada"));
        assertEquals(4, relay.cuts());
    }

    @Test
    void whereNoAnswerEverComesTheErrorSaysThatTheOutcomeIsUnclear() throws Exception {
        JdbcArbiter<String, User> arbiter = throughRelay().build();
        relay.next(100, Cut.AFTER_IT_TOOK_EFFECT, table);
        ArbiterFailedException e =
                assertThrows(ArbiterFailedException.class, () -> arbiter.insert("ada", new User("ada", "m1")));
        assertTrue(e.getMessage().contains("could not be asked"), e::getMessage);
        assertTrue(relay.cuts() < 10, "unbounded");
        assertEquals("1", rows());
    }

    @Test
    void aSessionThatIsEndedWhileItWaitsForARivalReadsTheRivalsRow() throws Exception {
        JdbcArbiter<String, User> arbiter = throughRelay().build();
        try (Connection other = direct.getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("INSERT INTO " + table + " VALUES ('ada', 'rival')");
            CompletableFuture<Ruling<User>> mine =
                    CompletableFuture.supplyAsync(() -> arbiter.insert("ada", new User("ada", "m1")));
            Blocked.await(direct, "INSERT INTO \"" + table);
            Blocked.terminate(direct, "INSERT INTO \"" + table);
            // The second insert waits for the same rival; what it then finds may be our first one's, for all we know.
            Blocked.await(direct, "INSERT INTO \"" + table);
            other.commit();
            assertEquals(Ruling.recovered(new User("ada", "rival")), mine.get(30, SECONDS));
        }
        assertEquals("1", rows());
    }

    @Test
    void aSessionThatIsEndedBeforeItsInsertTookEffectInsertsAgain() throws Exception {
        JdbcArbiter<String, User> arbiter = throughRelay().build();
        User candidate = new User("ada", "m1");
        try (Connection other = direct.getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("INSERT INTO " + table + " VALUES ('ada', 'rival')");
            CompletableFuture<Ruling<User>> mine =
                    CompletableFuture.supplyAsync(() -> arbiter.insert("ada", candidate));
            Blocked.await(direct, "INSERT INTO \"" + table);
            Blocked.terminate(direct, "INSERT INTO \"" + table);
            other.rollback();
            assertEquals(Ruling.created(candidate), mine.get(30, SECONDS));
        }
        assertEquals("1", rows());
    }

    @Test
    void aDatabaseThatComesLaterIsCheckedThen() throws Exception {
        PGSimpleDataSource nobody = relay.dataSource();
        relay.close();
        JdbcArbiter<String, User> arbiter = JdbcArbiter.<String, User>on(nobody)
                .table(table)
                .key("name", name -> name)
                .mapper(row -> new User(row.getString("name"), ""))
                .build();
        ArbiterFailedException e = assertThrows(ArbiterFailedException.class, () -> arbiter.find("ada"));
        assertTrue(e.getMessage().contains("no connection"), e::getMessage);
        nobody.setPortNumbers(direct.getPortNumbers());
        assertEquals(Optional.empty(), arbiter.find("ada"));
    }
}
