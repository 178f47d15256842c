package dev.getorcreate.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class UniqueViolationTest {

    private static SQLException postgres(String firstLine) {
        return new SQLException(firstLine + "\n  Detail: Key (key)=(\"uq_other\") already exists.", "23505", 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ERROR: duplicate key value violates unique constraint \"uq_records_key\"",
                "FEHLER: doppelter Schlüsselwert verletzt Unique-Constraint »uq_records_key«",
                "ERREUR: la valeur d'une clé dupliquée rompt la contrainte unique «\u00a0uq_records_key\u00a0»",
                "ERROR: llave duplicada viola restricción de unicidad «uq_records_key»",
                "ОШИБКА: повторяющееся значение ключа нарушает ограничение уникальности \"uq_records_key\"",
                "错误: 重复键违反唯一约束\"uq_records_key\"",
            })
    void postgresNamesItsConstraintInEveryLanguage(String message) {
        UniqueViolation found = UniqueViolation.find(postgres(message)).orElseThrow();
        assertEquals(Optional.of("uq_records_key"), found.constraint());
        assertEquals("PostgreSQL", found.database());
        assertTrue(found.isOf("uq_records_key"));
        assertFalse(found.isOf("uq_other"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // As H2 2.4 and later, and as those before.
                "Unique index or primary key violation: \"PUBLIC.UQ_RECORDS_KEY INDEX PUBLIC.UQ_RECORDS_KEY_INDEX_6"
                        + " ON PUBLIC.RECORDS(\"\"KEY\"\" NULLS FIRST) VALUES ( /* 1 */ 'a' )\"; SQL statement:\nx",
                "Unique index or primary key violation: \"PUBLIC.UQ_RECORDS_KEY_INDEX_6 ON PUBLIC.RECORDS(\"\"KEY\"\""
                        + " NULLS FIRST) VALUES ( /* 1 */ ' INDEX PUBLIC.UQ_OTHER ON ' )\"; SQL statement:\nx",
            })
    void h2NamesTheConstraintOrItsIndex(String message) {
        UniqueViolation found =
                UniqueViolation.find(new SQLException(message, "23505", 23505)).orElseThrow();
        assertEquals("H2", found.database());
        assertTrue(found.isOf("uq_records_key"));
        assertTrue(found.isOf("UQ_RECORDS_KEY_INDEX_6"));
        assertFalse(found.isOf("uq_other"));
        assertFalse(found.isOf("uq_records"));
    }

    /** An error of a driver: whose, its state and code, its words, and what is to be seen in it. */
    private record Words(
            String database,
            @Nullable String state,
            int code,
            String message,
            String constraint,
            @Nullable String table) {}

    static Stream<Words> words() {
        return Stream.of(
                new Words("MariaDB", "23000", 1062, "(conn=4) Duplicate entry 'a' for key 'uq_k'", "uq_k", null),
                new Words(
                        "MariaDB",
                        "23000",
                        1062,
                        "(conn=4) Duplicate entry 'x' for key 'y' for key 'uq_k'",
                        "uq_k",
                        null),
                // With dumpQueriesOnException, and without, of a value that looks so.
                new Words(
                        "MariaDB",
                        "23000",
                        1062,
                        "(conn=4) Duplicate entry 'a' for key 'uq_k'\nQuery is: INSERT INTO t VALUES ('a', 'uq_other')",
                        "uq_k",
                        null),
                new Words(
                        "MariaDB",
                        "23000",
                        1062,
                        "(conn=4) Duplicate entry 'a\nQuery is: b' for key 'uq_k'",
                        "uq_k",
                        null),
                new Words("MySQL", "23000", 1062, "Duplicate entry 'a' for key 'uq_k'", "uq_k", null),
                new Words(
                        "MySQL",
                        "23000",
                        1062,
                        "Duplicate entry 'a' for key 'seats.uq_k'\n\nQuery being executed when exception was thrown:\n"
                                + "INSERT INTO seats VALUES ('a', 'uq_other')\n\n",
                        "uq_k",
                        "seats"),
                new Words(
                        "MySQL",
                        "23000",
                        1062,
                        "Duplicate entry 'a\n\nQuery being executed when exception was thrown:\nb' for key 'uq_k'",
                        "uq_k",
                        null),
                new Words("MySQL", "23000", 1062, "Duplicate entry 'a-1' for key 'seats.uq_k'", "uq_k", "seats"),
                new Words("MySQL", "23000", 1062, "Doppelter Eintrag 'a' für Schlüssel 't.PRIMARY'", "PRIMARY", "t"),
                new Words(
                        "SQLite",
                        null,
                        19,
                        "[SQLITE_CONSTRAINT_UNIQUE] A UNIQUE constraint failed (UNIQUE constraint failed: t.z, t.w)",
                        "t.z, t.w",
                        "t"),
                new Words(
                        "SQLite",
                        null,
                        2067,
                        "[SQLITE_CONSTRAINT_UNIQUE] A UNIQUE constraint failed (UNIQUE constraint failed: index 'ux')",
                        "ux",
                        null),
                new Words(
                        "SQL Server",
                        "23000",
                        2627,
                        "Violation of UNIQUE KEY constraint 'uq_k'. Cannot insert duplicate key in object 'dbo.seats'. The"
                                + " duplicate key value is (constraint 'no'. Cannot insert duplicate key in object 'no'.).",
                        "uq_k",
                        "seats"),
                new Words(
                        "SQL Server",
                        "23000",
                        2601,
                        "Cannot insert duplicate key row in object 'dbo.seats' with unique index 'ux'. The duplicate key"
                                + " value is (a).",
                        "ux",
                        "seats"),
                new Words("Oracle", "23000", 1, "ORA-00001: unique constraint (APP.UQ_K) violated", "UQ_K", null),
                new Words(
                        "Oracle",
                        "23000",
                        1,
                        "ORA-00001: unique constraint (APP.UQ_K) violated on table APP.SEATS columns (K)",
                        "UQ_K",
                        "SEATS"));
    }

    @ParameterizedTest
    @MethodSource("words")
    void everyDatabaseIsToldByItsCodeAndNamesItsConstraint(Words words) {
        UniqueViolation found = UniqueViolation.find(new SQLException(words.message, words.state, words.code))
                .orElseThrow();
        assertEquals(words.database, found.database());
        assertEquals(Optional.of(words.constraint), found.constraint());
        assertEquals(Optional.ofNullable(words.table), found.table());
        assertTrue(UniqueViolation.of(words.constraint).test(found.exception()));
        assertFalse(found.isOf("uq_other"));
        assertEquals(
                Optional.empty(), UniqueViolation.find(new SQLException(words.message, words.state, words.code + 100)));
    }

    @Test
    void aRealViolationInARealH2IsTold() throws Exception {
        DataSource dataSource = H2.fresh();
        Sql.run(
                dataSource,
                "CREATE TABLE t(id BIGINT PRIMARY KEY, a INT, b INT, CONSTRAINT \"odd. \"\"name\"\"\" UNIQUE (a),"
                        + " CONSTRAINT uq_b UNIQUE (b))",
                "INSERT INTO t VALUES (1, 1, 1)");
        assertTrue(violation(dataSource, "INSERT INTO t VALUES (2, 1, 2)").isOf("odd. \"name\""));
        assertTrue(violation(dataSource, "INSERT INTO t VALUES (2, 2, 1)").isOf("uq_b"));
        UniqueViolation primaryKey = violation(dataSource, "INSERT INTO t VALUES (1, 2, 2)");
        assertTrue(primaryKey.constraint().isPresent());
        assertFalse(primaryKey.isOf("uq_b"));
    }

    private static UniqueViolation violation(DataSource dataSource, String sql) {
        try {
            Sql.run(dataSource, sql);
        } catch (SQLException e) {
            return UniqueViolation.find(e).orElseThrow();
        }
        throw new AssertionError("was no violation: " + sql);
    }

    @Test
    void itIsFoundInWrappersAndBehindABatch() throws Exception {
        SQLException batch =
                new BatchUpdateException("Batch entry 0 INSERT INTO \"t\" was aborted", "23505", 0, new int[0], null);
        batch.setNextException(postgres("ERROR: duplicate key value violates unique constraint \"uq_a\""));
        UniqueViolation found = UniqueViolation.find(new IllegalStateException(new RuntimeException(batch)))
                .orElseThrow();
        assertEquals(Optional.of("uq_a"), found.constraint());
        assertEquals(Optional.of("UQ_B"), realBatch().constraint());
    }

    /** As SQL Server's driver throws: the database's words are the batch's own. */
    @Test
    void aBatchThatHasNoNextExceptionSpeaksForItself() {
        SQLException batch = new BatchUpdateException(
                "Violation of UNIQUE KEY constraint 'uq_k'. Cannot insert duplicate key in object 'dbo.seats'. The"
                        + " duplicate key value is (a).",
                "23000",
                2627,
                new int[0]);
        UniqueViolation found =
                UniqueViolation.find(new IllegalStateException(batch)).orElseThrow();
        assertEquals(Optional.of("uq_k"), found.constraint());
        assertEquals("SQL Server", found.database());
        assertSame(batch, found.exception());
        batch.setNextException(new SQLException("ORA-00001: unique constraint (APP.UQ_A) violated", "23000", 1));
        assertEquals(
                Optional.of("UQ_A"), UniqueViolation.find(batch).orElseThrow().constraint());
        SQLException statements = new BatchUpdateException(
                "Batch entry 0 INSERT ... ('\"uq_a\"') was aborted", "23505", 0, new int[0], null);
        assertEquals(Optional.empty(), UniqueViolation.find(statements));
    }

    private static UniqueViolation realBatch() throws SQLException {
        DataSource dataSource = H2.fresh();
        Sql.run(dataSource, "CREATE TABLE t(b INT, CONSTRAINT uq_b UNIQUE (b))");
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.addBatch("INSERT INTO t VALUES (1)");
            statement.addBatch("INSERT INTO t VALUES (1)");
            statement.executeBatch();
            throw new AssertionError("was no violation");
        } catch (BatchUpdateException e) {
            return UniqueViolation.find(e).orElseThrow();
        }
    }

    @Test
    void othersAreNone() {
        RuntimeException cycle = new RuntimeException(new SQLException("not null", "23502"));
        cycle.getCause().initCause(new IllegalStateException(cycle));
        assertEquals(Optional.empty(), UniqueViolation.find(cycle));
        assertFalse(UniqueViolation.of("uq_a").test(new SQLException("foreign key \"uq_a\"", "23503")));
        assertFalse(UniqueViolation.of("uq_a").test(postgres("ERROR: no name at all")));
    }
}
