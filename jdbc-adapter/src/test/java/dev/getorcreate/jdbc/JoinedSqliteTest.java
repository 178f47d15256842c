package dev.getorcreate.jdbc;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.io.TempDir;

class JoinedSqliteTest extends JoinedArbiterContract {

    @TempDir
    Path folder;

    @Override
    DataSource dataSource() {
        return Sqlite.at(folder.resolve("joined.db"));
    }

    /** Its driver lets no connection be made so. */
    @Override
    void makeReadOnly(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA query_only = 1");
        }
    }
}
