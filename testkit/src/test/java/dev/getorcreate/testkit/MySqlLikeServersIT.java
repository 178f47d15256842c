package dev.getorcreate.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("matrix")
class MySqlLikeServersIT {

    @Test
    void aMariaDbKeepsWhatIsCommittedAndIsGoneOnceItIsClosed() throws Exception {
        MariaDbServer server = Servers.need("MariaDB", MariaDbServer::start);
        check(server, server.dataSource(), System.getenv(MariaDbServer.URL_VARIABLE) == null);
    }

    @Test
    void soDoesAMySql() throws Exception {
        MySqlServer server = Servers.need("MySQL", MySqlServer::start);
        check(server, server.dataSource(), System.getenv(MySqlServer.URL_VARIABLE) == null);
    }

    private static void check(AutoCloseable server, DataSource dataSource, boolean own) throws Exception {
        try (server) {
            run(dataSource, "CREATE TABLE kept(a INT PRIMARY KEY)");
            run(dataSource, "INSERT INTO kept VALUES (7)");
            try (Connection connection = dataSource.getConnection();
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT a FROM kept")) {
                assertTrue(row.next());
                assertEquals(7, row.getInt(1));
                assertFalse(row.next());
            }
            run(dataSource, "DROP TABLE kept");
        }
        if (own) {
            assertThrows(SQLException.class, () -> dataSource.getConnection());
        }
    }

    private static void run(DataSource dataSource, String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
