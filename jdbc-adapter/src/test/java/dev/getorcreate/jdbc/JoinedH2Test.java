package dev.getorcreate.jdbc;

import javax.sql.DataSource;

class JoinedH2Test extends JoinedArbiterContract {

    @Override
    DataSource dataSource() {
        return H2.fresh();
    }
}
