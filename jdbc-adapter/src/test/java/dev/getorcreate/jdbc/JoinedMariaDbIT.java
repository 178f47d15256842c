package dev.getorcreate.jdbc;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.ArbiterFailedException;
import dev.getorcreate.Ruling;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
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

    /** It has undone what was before it, and begun another transaction. */
    @Test
    void aTransactionThatADeadlockHasUndoneIsNotCommittedInPart() throws Exception {
        try (Connection rival = dataSource.getConnection()) {
            rival.setAutoCommit(false);
            for (String key : "b d e f g h i j k l m n o p".split(" ")) {
                insert(rival, key, "theirs " + key); // so much that it is the other one which has to give way
            }
            CompletableFuture<Object> rivalWaited = new CompletableFuture<>();
            CompletableFuture<Object> mine = inTransaction(Connection.TRANSACTION_READ_COMMITTED, connection -> {
                joined.insert("a", "mine");
                var unused = CompletableFuture.runAsync(() -> {
                    try {
                        insert(rival, "a", "theirs");
                        rivalWaited.complete("");
                    } catch (SQLException e) {
                        rivalWaited.completeExceptionally(e);
                    }
                });
                awaitWaiting();
                assertThrows(ArbiterFailedException.class, () -> joined.insert("b", "mine too"));
                return joined.insert("c", "after");
            });
            ExecutionException e = assertThrows(ExecutionException.class, () -> mine.get(30, SECONDS));
            Throwable refused = e.getCause().getCause();
            assertInstanceOf(SQLTransactionRollbackException.class, refused);
            assertTrue(refused.getMessage().contains("run all of it again"), refused::getMessage);
            rivalWaited.get(30, SECONDS);
            rival.commit();
        }
        assertEquals(Optional.of("theirs"), own.find("a"));
        assertEquals(Optional.empty(), own.find("c"));
    }
}
