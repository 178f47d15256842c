package dev.getorcreate.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mariadb.jdbc.MariaDbDataSource;

@Tag("matrix")
class MariaDbStartupCheckIT {

    private final DataSource server = server();
    private final String schema = "s_" + UUID.randomUUID().toString().replace("-", "");
    private DataSource dataSource;

    @BeforeEach
    void createSchema() throws Exception {
        Sql.run(server, "CREATE DATABASE " + schema);
        dataSource = connecting("");
    }

    DataSource connecting(String options) throws SQLException {
        return in(schema, options);
    }

    DataSource server() {
        return MariaDb.dataSource();
    }

    DataSource in(String database, String options) throws SQLException {
        return new MariaDbDataSource(
                MariaDb.server().jdbcUrl().replaceFirst("/[^/?]*\\?", "/" + database + '?') + options);
    }

    String exactCollation() {
        return "utf8mb4_nopad_bin";
    }

    String foldingCollation() {
        return "utf8mb4_uca1400_ai_ci";
    }

    String lax() {
        return "&sessionVariables=sql_mode=''";
    }

    private String exact() {
        return "VARCHAR(20) CHARACTER SET utf8mb4 COLLATE " + exactCollation();
    }

    @AfterEach
    void dropSchema() throws Exception {
        Sql.run(server, "DROP DATABASE " + schema);
    }

    private JdbcArbiter<String, String> build() {
        return build(dataSource);
    }

    static JdbcArbiter<String, String> build(DataSource dataSource) {
        return JdbcArbiter.<String, String>on(dataSource)
                .table("records")
                .key("`key`", key -> key)
                .mapper(row -> row.getString("key"))
                .build();
    }

    private String refusal() {
        return assertThrows(IllegalStateException.class, this::build).getMessage();
    }

    void run(String... statements) throws SQLException {
        Sql.run(dataSource, statements);
    }

    private void runWhatItSays(String refusal, int statements) throws SQLException {
        assertEquals(statements, StartupCheckTest.lines(refusal, "ALTER TABLE").size(), refusal);
        for (String line : StartupCheckTest.lines(refusal, "ALTER TABLE")) {
            run(line);
        }
    }

    @Test
    void withoutAConstraintTheMissingOneIsGivenAndWorksOnceTheDuplicatesAreGone() throws Exception {
        run(
                "CREATE TABLE records(`key` " + exact() + " COMMENT 'kept')",
                "INSERT INTO records VALUES ('a'), ('a'), ('a'), ('b'), ('b'), ('c')");
        String refusal = refusal();
        assertTrue(refusal.contains("3 duplicate rows of 2 keys stand in its way"), refusal);
        assertEquals(
                "a",
                Sql.ask(dataSource, StartupCheckTest.lines(refusal, "SELECT").get(0)));
        run("DELETE FROM records");
        runWhatItSays(refusal(), 2);
        build();
        String left = Sql.ask(
                dataSource,
                "SELECT CONCAT(COLUMN_TYPE, ' ', COLLATION_NAME, ' ', COLUMN_COMMENT) FROM information_schema.COLUMNS"
                        + " WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'records'");
        assertEquals("varchar(20) " + exactCollation() + " kept", left);
    }

    @Test
    void aNullableKeyIsRefusedAndTheGivenStatementHelps() throws Exception {
        for (String type : new String[] {exact(), exact() + " DEFAULT 'x'", "TIMESTAMP NULL DEFAULT NULL"}) {
            run("DROP TABLE IF EXISTS records");
            run("CREATE TABLE records(`key` " + type + ", x INT, UNIQUE (`key`))");
            String refusal = refusal();
            assertTrue(refusal.contains("lets its key be null"), refusal);
            runWhatItSays(refusal, 1);
            build();
        }
    }

    @Test
    void whatIsUniqueInSomeOtherWayDoesNotCountAndIsNamed() throws Exception {
        run("CREATE TABLE records(`key` " + exact() + " NOT NULL, x INT NOT NULL)");
        nearMiss(
                "CREATE UNIQUE INDEX ux ON records(`key`(5))",
                "(ux does not count: it is on a prefix: the first 5 of key");
        nearMiss("CREATE UNIQUE INDEX ux ON records(`key`, x)", "(ux does not count: it is on other columns: key, x");
        nearMiss("CREATE INDEX ux ON records(`key`)", "has no unique constraint");
    }

    /** As MariaDB makes it where an index in order would be too long; what it compares may be not all that is there. */
    @Test
    void anIndexOfHashesIsRefusedAndNotAdvised() throws Exception {
        for (String type : new String[] {"TEXT", "VARCHAR(1000)", "BLOB"}) {
            String charset = type.equals("BLOB") ? "" : " CHARACTER SET utf8mb4 COLLATE " + exactCollation();
            run("CREATE TABLE records(`key` " + type + charset + " NOT NULL)");
            assertHashesAreNotAdvised();
            run("ALTER TABLE records ADD CONSTRAINT ux UNIQUE (`key`)");
            assertTrue(refusal().contains("ux does not count: it is USING HASH"), this::refusal);
            assertHashesAreNotAdvised();
            run("DROP TABLE records");
        }
        run("CREATE TABLE records(`key` " + exact() + " NOT NULL, UNIQUE ux (`key`) USING HASH)");
        String refusal = refusal();
        assertTrue(refusal.contains("ux does not count: it is USING HASH"), refusal);
        runWhatItSays(refusal, 1);
        build();
    }

    private void assertHashesAreNotAdvised() {
        assertTrue(refusal().contains("BINARY(32)"), this::refusal);
        assertFalse(refusal().contains("ALTER TABLE"), this::refusal);
    }

    @Test
    void aColumnThatWouldBeTooLongForItsIndexIsNotMadeSo() throws Exception {
        run("CREATE TABLE records(`key` VARCHAR(1000) CHARACTER SET latin1 NOT NULL PRIMARY KEY)");
        try (CapturedLog log = new CapturedLog()) {
            build();
            assertTrue(log.text().contains("BINARY(32)"), log::text);
            assertFalse(log.text().contains("ALTER TABLE"), log::text);
        }
    }

    private JdbcArbiterBuilder<String, String> ofTwoColumns() {
        return JdbcArbiter.<String, String>on(dataSource)
                .table("records")
                .key("`key`", key -> key)
                .key("more", key -> key)
                .mapper(row -> row.getString("key"));
    }

    /** Each of them alone would do. */
    @Test
    void columnsThatWouldBeTooLongTogetherAreNotMadeSo() throws Exception {
        String text = " VARCHAR(500) CHARACTER SET latin1 NOT NULL";
        run("CREATE TABLE records(`key`" + text + ", more" + text + ", PRIMARY KEY (`key`, more))");
        try (CapturedLog log = new CapturedLog()) {
            ofTwoColumns().build();
            assertTrue(log.text().contains("BINARY(32)"), log::text);
            assertFalse(log.text().contains("ALTER TABLE"), log::text);
        }
    }

    @Test
    void whatIsNoTextCountsInAnIndexToo() throws Exception {
        for (int length : new int[] {766, 767}) {
            run(
                    "DROP TABLE IF EXISTS records",
                    "CREATE TABLE records(`key` " + exact().replace("20", "" + length)
                            + " NOT NULL, more BIGINT NOT NULL)");
            String refusal = assertThrows(
                            IllegalStateException.class, () -> ofTwoColumns().build())
                    .getMessage();
            assertEquals(length == 767, refusal.contains("BINARY(32)"), refusal);
            if (length == 766) {
                runWhatItSays(refusal, 1);
                ofTwoColumns().build();
            }
        }
    }

    void nearMiss(String made, String why) throws SQLException {
        run(made);
        String refusal = refusal();
        assertTrue(refusal.contains(why), refusal);
        run("DROP INDEX ux ON records");
    }

    @Test
    void whatIsNoTableOrNotThereIsNamed() throws Exception {
        assertTrue(refusal().contains("there is no table `records`"), this::refusal);
        run("CREATE TABLE t(`key` INT PRIMARY KEY)", "CREATE VIEW records AS SELECT * FROM t");
        assertTrue(refusal().contains("records is a VIEW"), this::refusal);
        run("DROP VIEW records", "CREATE TABLE records(id INT, name INT)");
        assertTrue(refusal().contains("has no key column key; it has id, name"), this::refusal);
    }

    @Test
    void anEngineThatTearsRowsIsRefused() throws Exception {
        run("CREATE TABLE records(`key` " + exact() + " PRIMARY KEY) ENGINE=MyISAM");
        runWhatItSays(refusal().replace(": ALTER", "\nALTER"), 1);
        build();
    }

    @Test
    void sessionsThatCutKeysAreRefused() throws Exception {
        run("CREATE TABLE records(`key` " + exact() + " PRIMARY KEY)");
        DataSource lax = connecting(lax());
        String refusal =
                assertThrows(IllegalStateException.class, () -> build(lax)).getMessage();
        assertTrue(refusal.contains("STRICT_TRANS_TABLES"), refusal);
    }

    @Test
    void aDataSourceThatReadsWhatIsNotCommittedIsRefused() throws Exception {
        run("CREATE TABLE records(`key` " + exact() + " PRIMARY KEY)");
        StartupCheckTest.assertReadingUncommittedIsRefused(dataSource, MariaDbStartupCheckIT::build);
    }

    @Test
    void aDatabaseThatCannotBeWrittenIsRefused() throws Exception {
        run("CREATE TABLE records(`key` " + exact() + " PRIMARY KEY)");
        run("SET GLOBAL read_only = 1");
        try {
            assertTrue(refusal().contains("this server is read-only"), this::refusal);
        } finally {
            run("SET GLOBAL read_only = 0");
        }
        build();
    }

    @Test
    void theStatementThatMakesAColumnCompareExactlyDoes() throws Exception {
        run("CREATE TABLE records(`key` VARCHAR(20) CHARACTER SET utf8mb4 COLLATE " + foldingCollation()
                + " NOT NULL COMMENT 'kept' PRIMARY KEY)");
        try (CapturedLog log = new CapturedLog()) {
            build();
            String logged = log.text();
            assertTrue(logged.contains(foldingCollation()), logged);
            run(logged.substring(logged.indexOf("ALTER TABLE")));
            log.clear();
            JdbcArbiter<String, String> exact = build();
            assertEquals("", log.text());
            for (String key : new String[] {"a", "A", "a "}) {
                assertEquals("CREATED", exact.insert(key, "").verdict().name());
            }
        }
    }
}
