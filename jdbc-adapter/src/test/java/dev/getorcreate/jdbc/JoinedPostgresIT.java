package dev.getorcreate.jdbc;

import java.sql.Connection;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class JoinedPostgresIT extends JoinedRivalsContract {

    @Override
    DataSource dataSource() {
        return Postgres.dataSource();
    }

    @Override
    String session() {
        return "SELECT pg_backend_pid()";
    }

    @Override
    String waiting() {
        return "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%" + table + "%'";
    }

    @Test
    void serializableTransactionsAreToldThatTooOfARowThatTheSnapshotCannotShow() throws Exception {
        aRowIsCommittedAfterTheSnapshot(Connection.TRANSACTION_SERIALIZABLE);
    }
}
