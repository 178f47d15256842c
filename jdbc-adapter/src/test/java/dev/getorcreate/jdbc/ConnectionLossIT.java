package dev.getorcreate.jdbc;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.ArbiterFailedException;
import dev.getorcreate.Ruling;
import dev.getorcreate.testkit.PostgresMessage;
import dev.getorcreate.testkit.TcpProxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** A connection that ends under a statement, on a real PostgreSQL. */
class ConnectionLossIT {

    private record User(String name, String mark) {}

    private final String table = "users_" + UUID.randomUUID().toString().replace("-", "");
    private PGSimpleDataSource direct;
    private TcpProxy way;

    @BeforeEach
    void start() throws Exception {
        direct = Postgres.dataSource();
        way = Postgres.proxy();
        Sql.run(direct, "CREATE TABLE " + table + "(name text PRIMARY KEY, mark text UNIQUE, id serial)");
    }

    @AfterEach
    void stop() throws Exception {
        if (way != null) {
            way.close();
            Sql.run(direct, "DROP TABLE " + table);
        }
    }

    private JdbcArbiterBuilder<String, User> throughProxy() {
        return JdbcArbiter.<String, User>on(Postgres.through(way))
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
        JdbcArbiter<String, User> arbiter = throughProxy().build();
        User mine = new User("ada", "m1");
        IntSupplier cuts = way.cutAt(PostgresMessage.READY_FOR_QUERY, "INSERT INTO", 1);
        assertEquals(Ruling.recovered(mine), arbiter.insert("ada", mine));
        assertEquals(1, cuts.getAsInt());
        assertEquals("1", rows());
        // Read back, not inserted again: after a failover the database may only be readable.
        assertEquals("1", Sql.ask(direct, "SELECT last_value FROM " + table + "_id_seq"));
    }

    @Test
    void anInsertThatNeverArrivedIsMadeAgain() throws Exception {
        JdbcArbiter<String, User> arbiter = throughProxy().build();
        User mine = new User("ada", "m1");
        IntSupplier cuts = way.cutAt(PostgresMessage.PARSE, "INSERT INTO", 2);
        assertEquals(Ruling.created(mine), arbiter.insert("ada", mine));
        assertEquals(2, cuts.getAsInt());
        assertEquals("1", rows());
    }

    @Test
    void theReadingBackMayFailToo() throws Exception {
        JdbcArbiter<String, User> arbiter = throughProxy().build();
        User winner = new User("ada", "m1");
        arbiter.insert("ada", winner);
        IntSupplier cuts = way.cutAt(PostgresMessage.READY_FOR_QUERY, "SELECT * FROM", 2);
        assertEquals(Ruling.adopted(winner), arbiter.insert("ada", new User("ada", "m2")));
        assertEquals(2, cuts.getAsInt());
        cuts = way.cutAt(PostgresMessage.READY_FOR_QUERY, "SELECT * FROM", 2);
        assertEquals(Optional.of(winner), arbiter.find("ada"));
        assertEquals(2, cuts.getAsInt());
    }

    @Test
    void whereNoAnswerEverComesTheErrorSaysThatTheOutcomeIsUnclear() throws Exception {
        JdbcArbiter<String, User> arbiter = throughProxy().build();
        IntSupplier cuts = way.cutAt(PostgresMessage.READY_FOR_QUERY, table, 100);
        ArbiterFailedException e =
                assertThrows(ArbiterFailedException.class, () -> arbiter.insert("ada", new User("ada", "m1")));
        assertTrue(e.getMessage().contains("could not be asked"), e::getMessage);
        assertTrue(cuts.getAsInt() > 1 && cuts.getAsInt() < 10, "not tried again, or unbounded");
        assertEquals("1", rows());
    }

    @Test
    void aSessionThatIsEndedWhileItWaitsForARivalReadsTheRivalsRow() throws Exception {
        JdbcArbiter<String, User> arbiter = throughProxy().build();
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
        JdbcArbiter<String, User> arbiter = throughProxy().build();
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
        PGSimpleDataSource nobody = Postgres.through(way);
        way.close();
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
