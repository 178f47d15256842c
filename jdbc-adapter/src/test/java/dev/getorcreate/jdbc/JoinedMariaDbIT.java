package dev.getorcreate.jdbc;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.getorcreate.Ruling;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("matrix")
class JoinedMariaDbIT extends JoinedRivalsContract {

    @Override
    DataSource dataSource() {
        return MariaDb.dataSource();
    }

    @Override
    String text() {
        return "VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin";
    }

    @Override
    String session() {
        return "SELECT CONNECTION_ID()";
    }

    @Override
    String waiting() {
        return "SELECT count(*) FROM information_schema.INNODB_TRX WHERE trx_state = 'LOCK WAIT'"
                + " AND trx_query LIKE '%" + table + "%'";
    }

    /** 1020: the record has changed since this snapshot. */
    @Override
    boolean isSerializationFailure(SQLException e) {
        return e.getErrorCode() == 1020 || super.isSerializationFailure(e);
    }

    @Test
    void aSerializableTransactionLocksWhatItDidNotFindSoARivalWaitsAndAdopts() throws Exception {
        CompletableFuture<Object> looked = new CompletableFuture<>();
        CompletableFuture<Object> rivalWaits = new CompletableFuture<>();
        CompletableFuture<Ruling<String>> mine = inTransaction(Connection.TRANSACTION_SERIALIZABLE, connection -> {
            joined.find("a");
            looked.complete("");
            rivalWaits.get(30, SECONDS);
            return joined.insert("a", "mine");
        });
        looked.get(30, SECONDS);
        CompletableFuture<Ruling<String>> theirs = CompletableFuture.supplyAsync(() -> own.insert("a", "theirs"));
        awaitWaiting();
        rivalWaits.complete("");
        assertEquals(Ruling.created("mine"), mine.get(30, SECONDS));
        assertEquals(Ruling.adopted("mine"), theirs.get(30, SECONDS));
    }
}
