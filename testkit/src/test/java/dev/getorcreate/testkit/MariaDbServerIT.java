package dev.getorcreate.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("matrix")
class MariaDbServerIT {

    @Test
    void itKeepsWhatIsCommittedAndIsGoneOnceItIsClosed() throws Exception {
        boolean own = System.getenv(MariaDbServer.URL_VARIABLE) == null;
        MariaDbServer server = Servers.need("MariaDB", MariaDbServer::start);
        try (server) {
            run(server, "CREATE TABLE kept(a INT PRIMARY KEY)");
            run(server, "INSERT INTO kept VALUES (7)");
            try (Connection connection = server.dataSource().getConnection();
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT a FROM kept")) {
                assertTrue(row.next());
                assertEquals(7, row.getInt(1));
                assertFalse(row.next());
            }
            run(server, "DROP TABLE kept");
        }
        if (own) {
            assertThrows(SQLException.class, () -> server.dataSource().getConnection());
        }
    }

    private static void run(MariaDbServer server, String sql) throws SQLException {
        try (Connection connection = server.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
