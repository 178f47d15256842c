package dev.getorcreate.jdbc;

import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

/** A new H2 database in memory. */
final class H2 {

    private H2() {}

    static DataSource fresh() {
        return fresh("");
    }

    static DataSource fresh(String settings) {
        JdbcDataSource dataSource = new JdbcDataSource();
        dataSource.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1" + settings);
        return dataSource;
    }
}
