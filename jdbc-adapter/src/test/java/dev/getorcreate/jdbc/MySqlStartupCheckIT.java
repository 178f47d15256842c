package dev.getorcreate.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("matrix")
class MySqlStartupCheckIT extends MariaDbStartupCheckIT {

    @Override
    DataSource server() {
        return MySql.dataSource();
    }

    @Override
    DataSource in(String database, String options) {
        return MySql.in(database, options);
    }

    @Override
    String exactCollation() {
        return "utf8mb4_0900_bin";
    }

    @Override
    String foldingCollation() {
        return "utf8mb4_0900_ai_ci";
    }

    /** Its driver makes each session strict unless it is told not to. */
    @Override
    String lax() {
        return super.lax() + "&jdbcCompliantTruncation=false";
    }

    /** MySQL makes none: such a column it refuses, and its engine without transactions is refused by us. */
    @Override
    @Test
    void anIndexOfHashesIsRefusedAndNotAdvised() throws Exception {
        run("CREATE TABLE records(`key` TEXT NOT NULL)");
        assertThrows(SQLException.class, () -> run("ALTER TABLE records ADD CONSTRAINT ux UNIQUE (`key`)"));
        run("DROP TABLE records", "CREATE TABLE records(`key` CHAR(5), PRIMARY KEY (`key`) USING HASH) ENGINE=MEMORY");
        String refusal = assertThrows(IllegalStateException.class, () -> build(connecting("")))
                .getMessage();
        assertTrue(refusal.contains("ENGINE=InnoDB"), refusal);
    }

    /** As before 8.0.17, whose catalogue lists no such collation. */
    @Test
    void aServerWithoutACollationThatComparesExactlyIsAdvisedWhatItCanDo() throws Exception {
        run("CREATE TABLE records(`key` VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci PRIMARY KEY)");
        DataSource older = new Counted(
                        connecting(""), sql -> sql.replace("COLLATIONS", "COLLATIONS c JOIN (SELECT 1) one ON FALSE"))
                .dataSource();
        try (CapturedLog log = new CapturedLog()) {
            build(older);
            String logged = log.text();
            assertTrue(logged.contains("canonicalKey"), logged);
            assertTrue(logged.contains("make the column `key` utf8mb4, and VARBINARY then"), logged);
            run("ALTER TABLE records MODIFY `key` VARBINARY(80)");
            log.clear();
            JdbcArbiter<String, String> exact = build(older);
            assertEquals("", log.text());
            for (String key : new String[] {"a", "A", "a ", "\u00e4"}) {
                assertEquals("CREATED", exact.insert(key, "").verdict().name());
                assertEquals("ADOPTED", exact.insert(key, "").verdict().name());
            }
        }
    }

    /** As its engine for clusters has them, which compares all of the key. */
    @Test
    void anIndexOfHashesThatMySqlMadeCounts() throws Exception {
        run("CREATE TABLE records(`key` VARCHAR(20) " + MySql.EXACT + " NOT NULL PRIMARY KEY)");
        build(new Counted(connecting(""), sql -> sql.replace("INDEX_TYPE", "'HASH'")).dataSource());
    }

    @Test
    void anIndexOnAnExpressionDoesNotCount() throws Exception {
        run("CREATE TABLE records(`key` VARCHAR(20) " + MySql.EXACT + " NOT NULL)");
        nearMiss("CREATE UNIQUE INDEX ux ON records((lower(`key`)))", "(ux does not count: it is on an expression");
    }
}
