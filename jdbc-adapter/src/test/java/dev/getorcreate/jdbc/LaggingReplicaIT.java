package dev.getorcreate.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.Arbiter;
import dev.getorcreate.ArbiterFailedException;
import dev.getorcreate.Ruling;
import dev.getorcreate.testkit.OwnPostgres;
import dev.getorcreate.testkit.Servers;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real replica that shows each commit much later. */
class LaggingReplicaIT {

    private OwnPostgres primary;
    private DataSource replica;

    @BeforeEach
    void start() throws Exception {
        primary = Servers.need("PostgreSQL", OwnPostgres::start);
        Sql.run(primary.dataSource(), "CREATE TABLE records(key text PRIMARY KEY, value text NOT NULL)");
        Sql.run(primary.dataSource(), "INSERT INTO records VALUES ('known', 'old')");
        replica = primary.standby(Duration.ofHours(1)).dataSource();
    }

    @AfterEach
    void stop() {
        if (primary != null) {
            primary.close();
        }
    }

    private static JdbcArbiter<String, String> on(DataSource dataSource) {
        return JdbcArbiter.<String, String>on(dataSource)
                .table("records")
                .key("key", key -> key)
                .columns((row, key, value) -> row.set("value", value))
                .mapper(row -> row.getString("value"))
                .build();
    }

    private Optional<String> onReplica(String key) {
        try {
            return Optional.ofNullable(Sql.ask(replica, "SELECT (SELECT value FROM records WHERE key = ?)", key));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aReplicaIsRefusedAndWhoReadsFromOneNeverGetsASecondRow() throws Exception {
        IllegalStateException refused = assertThrows(IllegalStateException.class, () -> on(replica));
        assertTrue(refused.getMessage().contains("standby (replica)"), refused::getMessage);
        assertTrue(refused.getMessage().contains("the primary"), refused::getMessage);

        JdbcArbiter<String, String> right = on(primary.dataSource());
        assertEquals(Ruling.created("one"), right.insert("a", "one"));
        assertEquals(Optional.empty(), onReplica("a"), "it lags");

        // The insert decides whatever find missed; the winner is read back where it was inserted.
        assertEquals(Ruling.adopted("one"), right.insert("a", "two"));

        // A repository that reads from a replica does not see what its own insert met: an error, and no second row.
        Arbiter<String, String> wrong =
                JdbcArbiter.of(this::onReplica, (key, value) -> inserted(primary.dataSource(), key, value));
        ArbiterFailedException e = assertThrows(ArbiterFailedException.class, () -> wrong.insert("a", "two"));
        assertTrue(e.getMessage().contains("a replica?"), e::getMessage);
        assertTrue(UniqueViolation.find(e).isPresent(), e::getMessage);
        assertEquals("1", Sql.ask(primary.dataSource(), "SELECT count(*) FROM records WHERE key = 'a'"));
    }

    /** Why there is no setting for it: the old row would be cached after its invalidation, for as long as entries live. */
    @Test
    void aReplicaGivesTheOldRowAfterTheChangeWasCommitted() throws Exception {
        Sql.run(primary.dataSource(), "UPDATE records SET value = 'new' WHERE key = 'known'");
        assertEquals(Optional.of("old"), onReplica("known"));
        assertEquals(Optional.of("new"), on(primary.dataSource()).find("known"));
    }

    private static String inserted(DataSource dataSource, String key, String value) {
        try {
            Sql.ask(dataSource, "INSERT INTO records VALUES (?, ?) RETURNING key", key, value);
            return value;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
