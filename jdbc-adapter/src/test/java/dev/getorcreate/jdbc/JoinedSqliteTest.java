package dev.getorcreate.jdbc;

import java.nio.file.Path;
import javax.sql.DataSource;
import org.junit.jupiter.api.io.TempDir;

class JoinedSqliteTest extends JoinedArbiterContract {

    @TempDir
    Path folder;

    @Override
    DataSource dataSource() {
        return Sqlite.at(folder.resolve("joined.db"));
    }
}
