package dev.getorcreate.jdbc;

import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

class TheBugTodayIT extends TheBugTodayContract {

    @Override
    String database() {
        return "postgresql";
    }

    @Override
    DataSource everywhere() {
        return Postgres.dataSource();
    }

    @Override
    DataSource in(String schema) {
        PGSimpleDataSource copy = Postgres.copyOf(Postgres.dataSource());
        copy.setCurrentSchema(schema);
        return copy;
    }

    @Override
    String dropSchema(String schema) {
        return "DROP SCHEMA " + schema + " CASCADE";
    }
}
