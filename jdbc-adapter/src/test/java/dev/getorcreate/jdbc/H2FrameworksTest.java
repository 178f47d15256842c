package dev.getorcreate.jdbc;

import javax.sql.DataSource;

class H2FrameworksTest extends FrameworksContract {

    @Override
    DataSource dataSource() {
        return H2.fresh();
    }

    @Override
    String database() {
        return "H2";
    }
}
