package dev.getorcreate.jdbc;

import javax.sql.DataSource;

class PostgresFrameworksIT extends FrameworksContract {

    @Override
    DataSource dataSource() {
        return Postgres.dataSource();
    }

    @Override
    String database() {
        return "PostgreSQL";
    }
}
