package dev.getorcreate.jdbc;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.io.TempDir;

class SqliteFrameworksTest extends FrameworksContract {

    @TempDir
    Path folder;

    @Override
    DataSource dataSource() {
        return Sqlite.at(folder.resolve("people.db"));
    }

    @Override
    String database() {
        return "SQLite";
    }

    @Override
    String constraint(String column) {
        return "framework_people." + column;
    }

    /** Hibernate itself has no dialect for SQLite. */
    static Set<Framework> all() {
        return EnumSet.complementOf(EnumSet.of(Framework.HIBERNATE, Framework.JPA_COMMIT));
    }
}
