package dev.getorcreate.jdbc;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.ArbiterFailedException;
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
    void anInsertInATransactionThatIsReadOnlyIsToldWhy() throws Exception {
        ArbiterFailedException e = transactions.run(connection -> {
            makeReadOnly(connection);
            return assertThrows(ArbiterFailedException.class, () -> joined.insert("a", "1"));
        });
        assertTrue(e.getMessage().contains("or the caller's transaction read-only"), e::getMessage);
    }

    @Test
    void serializableTransactionsAreToldThatTooOfARowThatTheSnapshotCannotShow() throws Exception {
        aRowIsCommittedAfterTheSnapshot(Connection.TRANSACTION_SERIALIZABLE);
    }
}
