package dev.getorcreate.proof.readme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.getorcreate.proof.readme.Users.User;
import dev.getorcreate.testkit.PostgresServer;
import dev.getorcreate.testkit.RedisServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** The README's example does what the README says. */
class ReadmeIT {

    private static final String EMAIL = "ann@example.org";

    @Test
    void theExampleGivesEverybodyTheOneUser() throws SQLException {
        DataSource database = PostgresServer.shared().dataSource();
        execute(database, "DROP TABLE IF EXISTS users");
        execute(
                database,
                "CREATE TABLE users (email text NOT NULL, id uuid NOT NULL, CONSTRAINT uq_users_email UNIQUE (email))");
        try (RedisServer redis = RedisServer.start();
                Users here = new Users(redis.uri(), database);
                Users elsewhere = new Users(redis.uri(), database)) {
            User ann = here.byEmail(EMAIL);
            assertEquals(ann, here.byEmail(EMAIL));
            assertEquals(ann, elsewhere.byEmail(EMAIL));
            assertEquals(1, rows(database));

            execute(database, "DELETE FROM users");
            here.changed(EMAIL);
            assertNotEquals(ann, here.byEmail(EMAIL));
            assertEquals(1, rows(database));
        } finally {
            execute(database, "DROP TABLE users");
        }
    }

    private static void execute(DataSource database, String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long rows(DataSource database) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM users")) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
