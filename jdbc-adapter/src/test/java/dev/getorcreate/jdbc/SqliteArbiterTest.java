package dev.getorcreate.jdbc;

import java.nio.file.Path;
import javax.sql.DataSource;
import org.junit.jupiter.api.io.TempDir;

/** SQLite in a file, by Xerial's driver. */
class SqliteArbiterTest extends JdbcArbiterContract {

    @TempDir
    Path folder;

    @Override
    DataSource dataSource() {
        return Sqlite.at(folder.resolve("records.db"));
    }

    /** SQLite minds no length. */
    @Override
    String text(String column) {
        return super.text(column) + " CHECK (length(" + quoted(column) + ") <= 100)";
    }

    @Override
    String unique(String column) {
        return "CREATE UNIQUE INDEX uq_" + table + '_' + column + " ON " + table + '(' + quoted(column) + ')';
    }

    @Override
    String reported(String column) {
        return table + '.' + column;
    }

    @Override
    String tooLong() {
        return "CHECK constraint";
    }

    @Override
    String foldingText(String column) {
        return quoted(column) + " TEXT COLLATE NOCASE NOT NULL";
    }
}
