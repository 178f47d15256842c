package dev.getorcreate.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Outcome;
import dev.getorcreate.Ruling;
import dev.getorcreate.Source;
import dev.getorcreate.testkit.TcpProxy;
import dev.getorcreate.testkit.WireMessage;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The connection is cut at each message of an insert, and of a COMMIT, in turn: before that message reaches its end. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class CutAtAMessageContract {

    record User(String name, String mark) {}

    private static final User MINE = new User("ada", "m1");
    private static final User RIVAL = new User("ada", "r1");

    private String table = "";
    private TcpProxy way;

    /** A proxy to the server that is asked by messages. */
    abstract TcpProxy proxy();

    abstract DataSource direct();

    abstract DataSource through(TcpProxy proxy);

    /** Those of an INSERT that succeeds, in their order, and whether the row is committed when one is cut off. */
    abstract Stream<WireMessage> ofAnInsert();

    /** Those of an INSERT that meets a row of its key. */
    abstract Stream<WireMessage> ofAConflict();

    abstract Stream<WireMessage> ofACommit();

    /** What is said so far has taken effect when this is cut off; or it has not, or it may have. */
    abstract Effect effectBefore(WireMessage message, String statement);

    enum Effect {
        NONE,
        UNCLEAR,
        COMMITTED
    }

    @BeforeEach
    void createTable() throws SQLException {
        table = "cut_" + UUID.randomUUID().toString().replace("-", "");
        Sql.run(direct(), "CREATE TABLE " + table + "(name VARCHAR(20) PRIMARY KEY, mark VARCHAR(20) NOT NULL)");
        way = proxy();
    }

    @AfterEach
    void dropTable() throws SQLException {
        way.close();
        Sql.run(direct(), "DROP TABLE " + table);
    }

    private JdbcArbiterBuilder<String, User> on(DataSource dataSource) {
        return JdbcArbiter.<String, User>on(dataSource)
                .table(table)
                .key("name", name -> name)
                .columns((row, name, user) -> row.set("mark", user.mark()))
                .mapper(row -> new User(row.getString("name"), row.getString("mark")));
    }

    /** The only row's mark. */
    private String mark() throws SQLException {
        assertEquals("1", Sql.ask(direct(), "SELECT count(*) FROM " + table));
        return Sql.ask(direct(), "SELECT mark FROM " + table);
    }

    @ParameterizedTest
    @MethodSource("ofAnInsert")
    void anInsertIsMadeAgainOrRecoveredAndThereIsOneRow(WireMessage message) throws Exception {
        JdbcArbiter<String, User> arbiter = on(through(way)).build();
        IntSupplier cuts = way.cutAt(message, "INSERT INTO", 1);
        Ruling<User> told = arbiter.insert("ada", MINE);
        assertEquals(1, cuts.getAsInt(), "the cut was made");
        boolean committed = effectBefore(message, "INSERT") == Effect.COMMITTED;
        assertEquals(committed ? Ruling.recovered(MINE) : Ruling.created(MINE), told);
        assertEquals(MINE.mark(), mark());
    }

    @ParameterizedTest
    @MethodSource("ofAnInsert")
    void anIdentityTellsThatTheRowIsOurs(WireMessage message) throws Exception {
        JdbcArbiter<String, User> arbiter =
                on(through(way)).identity(User::mark).build();
        IntSupplier cuts = way.cutAt(message, "INSERT INTO", 1);
        assertEquals(Ruling.created(MINE), arbiter.insert("ada", MINE));
        assertEquals(1, cuts.getAsInt(), "the cut was made");
        assertEquals(MINE.mark(), mark());
        assertEquals(Ruling.adopted(MINE), on(direct()).build().insert("ada", RIVAL), "nobody else is told CREATED");
    }

    @ParameterizedTest
    @MethodSource("ofAConflict")
    void anIdentityTellsThatTheRowIsAnothers(WireMessage message) throws Exception {
        on(direct()).build().insert("ada", RIVAL);
        JdbcArbiter<String, User> arbiter =
                on(through(way)).identity(User::mark).build();
        IntSupplier cuts = way.cutAt(message, "INSERT INTO", 1);
        assertEquals(Ruling.adopted(RIVAL), arbiter.insert("ada", MINE));
        assertEquals(1, cuts.getAsInt(), "the cut was made");
        assertEquals(RIVAL.mark(), mark());
    }

    @ParameterizedTest
    @MethodSource("ofAnInsert")
    void manyThatAreInsertedTogetherAreEachToldCreatedOrRecovered(WireMessage message) throws Exception {
        JdbcArbiter<String, User> arbiter = on(through(way)).build();
        Map<String, User> many = Map.of("ada", MINE, "bob", new User("bob", "m2"));
        IntSupplier cuts = way.cutAt(message, "INSERT INTO", 1);
        Map<String, Ruling<User>> told = arbiter.insertAll(many);
        assertEquals(1, cuts.getAsInt(), "the cut was made");
        boolean committed = effectBefore(message, "INSERT") == Effect.COMMITTED;
        many.forEach(
                (key, user) -> assertEquals(committed ? Ruling.recovered(user) : Ruling.created(user), told.get(key)));
        assertEquals("2", Sql.ask(direct(), "SELECT count(*) FROM " + table));
    }

    @ParameterizedTest
    @MethodSource("ofACommit")
    void whoeverAsksAfterAnUnclearCommitHasTheOneRowThatThereIs(WireMessage message) throws Exception {
        JdbcTransactions transactions = new JdbcTransactions(through(way));
        JdbcArbiter<String, User> arbiter =
                on(through(way)).transactions(transactions).build();
        try (GetOrCreateCache<String, User> cache =
                GetOrCreateCache.<String, User>builder("users").arbiter(arbiter).build()) {
            IntSupplier cuts = way.cutAt(message, "COMMIT", 1);
            assertThrows(
                    SQLException.class, () -> transactions.run(connection -> cache.getOrCreate("ada", key -> MINE)));
            assertEquals(1, cuts.getAsInt(), "the cut was made");
            Outcome<User> next = cache.obtain("ada", key -> RIVAL);
            assertEquals(next.value().mark(), mark());
            Effect effect = effectBefore(message, "COMMIT");
            if (effect != Effect.UNCLEAR) {
                boolean committed = effect == Effect.COMMITTED;
                assertEquals(
                        committed ? new Outcome<>(MINE, Source.FOUND) : new Outcome<>(RIVAL, Source.CREATED), next);
            }
        }
    }
}
