package dev.getorcreate.jdbc;

import java.nio.file.Path;
import org.sqlite.SQLiteDataSource;

/** An SQLite database in a file; each connection opens it anew. */
final class Sqlite {

    private Sqlite() {}

    static SQLiteDataSource at(Path file) {
        SQLiteDataSource dataSource = new SQLiteDataSource();
        dataSource.setUrl("jdbc:sqlite:" + file);
        return dataSource;
    }
}
