package dev.getorcreate.jdbc;

import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;

/** MySQL, by its own driver. It has no {@code INSERT ... RETURNING}. */
@Tag("matrix")
class MySqlArbiterIT extends MariaDbArbiterIT {

    @Override
    DataSource dataSource() {
        return MySql.dataSource();
    }

    @Override
    String text(String column) {
        return quoted(column) + " VARCHAR(100) " + MySql.EXACT + " NOT NULL";
    }

    @Override
    String sessionSettings() {
        return "SELECT CONCAT(VARIABLE_NAME, '=', VARIABLE_VALUE) FROM performance_schema.session_variables"
                + " WHERE VARIABLE_NAME NOT IN ('timestamp', 'error_count', 'warning_count', 'rand_seed1', 'rand_seed2',"
                + " 'last_insert_id', 'identity', 'statement_id') ORDER BY 1";
    }

    /** It has no such types. */
    @Override
    List<Rounding> addresses() {
        return List.of();
    }

    @Override
    int statementsOfAnInsert() {
        return 2;
    }

    @Override
    String who() {
        return "SELECT MAX(trx_mysql_thread_id) FROM information_schema.INNODB_TRX"
                + " WHERE trx_state = 'LOCK WAIT' AND trx_query LIKE '%" + table + "%'";
    }

    /** This driver says the same whether the statement was stopped in time or not. */
    @Override
    String timedOut() {
        return "whether it took effect";
    }
}
