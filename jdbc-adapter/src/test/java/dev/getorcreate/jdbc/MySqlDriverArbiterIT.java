package dev.getorcreate.jdbc;

import com.mysql.cj.jdbc.MysqlDataSource;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;

/**
 * What is known of MySQL, by MySQL's own driver on a MariaDB: it calls its database MySQL, and has no
 * {@code INSERT ... RETURNING}.
 */
@Tag("matrix")
class MySqlDriverArbiterIT extends MariaDbArbiterIT {

    @Override
    DataSource dataSource() throws Exception {
        MysqlDataSource dataSource = new MysqlDataSource();
        dataSource.setUrl(MariaDb.server().jdbcUrl().replaceFirst("^jdbc:mariadb:", "jdbc:mysql:"));
        return dataSource;
    }

    @Override
    int statementsOfAnInsert() {
        return 2;
    }

    /** This driver says the same whether the statement was stopped in time or not. */
    @Override
    String timedOut() {
        return "whether it took effect";
    }
}
