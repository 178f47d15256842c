package dev.getorcreate.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.Arbiter;
import java.math.BigDecimal;
import java.sql.Connection;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

class StartupCheckTest {

    private final DataSource dataSource = H2.fresh();

    private JdbcArbiter<String, String> build() {
        return build(dataSource, "records");
    }

    private static JdbcArbiter<String, String> build(DataSource dataSource, String table) {
        return JdbcArbiter.<String, String>on(dataSource)
                .table(table)
                .key("key", key -> key)
                .mapper(row -> row.getString("key"))
                .build();
    }

    private String refusal() {
        return assertThrows(IllegalStateException.class, this::build).getMessage();
    }

    @Test
    void withoutAConstraintTheMissingOneIsGivenAndWorksOnceTheDuplicatesAreGone() throws Exception {
        Sql.run(
                dataSource,
                "CREATE TABLE records(\"KEY\" VARCHAR(9) NOT NULL)",
                "INSERT INTO records VALUES ('a'), ('a'), ('a'), ('b'), ('b'), ('c')");
        String refusal = refusal();
        assertTrue(refusal.contains("3 duplicate rows of 2 keys stand in its way"), refusal);
        String list = line(refusal, "SELECT");
        assertEquals("a", Sql.ask(dataSource, list));
        Sql.run(dataSource, "DELETE FROM records", "INSERT INTO records VALUES ('a'), ('a')");
        assertTrue(refusal().contains("1 duplicate row of 1 key stands in its way"), this::refusal);
        Sql.run(dataSource, "DELETE FROM records");
        assertTrue(refusal().contains("No duplicates stand in its way"));
        Sql.run(dataSource, line(refusal, "ALTER TABLE"));
        build();
    }

    private static String line(String message, String start) {
        return lines(message, start).get(0);
    }

    /** The statements in a message that begin so. */
    static List<String> lines(String message, String start) {
        List<String> found = message.lines()
                .map(String::strip)
                .filter(line -> line.startsWith(start))
                .map(line -> line.replace(";", ""))
                .toList();
        if (found.isEmpty()) {
            throw new AssertionError(message);
        }
        return found;
    }

    @Test
    void aNullableKeyIsRefusedAndTheGivenStatementHelps() throws Exception {
        Sql.run(dataSource, "CREATE TABLE records(\"KEY\" VARCHAR(9) UNIQUE)");
        String refusal = refusal();
        assertTrue(refusal.contains("lets its key be null"), refusal);
        Sql.run(dataSource, line(refusal, "ALTER TABLE"));
        build();
    }

    @Test
    void aConstraintOnMoreOrFewerColumnsDoesNotCount() throws Exception {
        Sql.run(
                dataSource,
                "CREATE TABLE records(\"KEY\" VARCHAR(9) NOT NULL, x INT NOT NULL, CONSTRAINT uq_wide UNIQUE (\"KEY\", x))");
        String refusal = refusal();
        assertTrue(refusal.contains("does not count: it is on other columns: KEY, X"), refusal);
        Sql.run(dataSource, "CREATE TABLE pairs(\"KEY\" VARCHAR(9) UNIQUE NOT NULL, x INT NOT NULL)");
        assertThrows(IllegalStateException.class, () -> JdbcArbiter.<String, String>on(dataSource)
                .table("pairs")
                .key("key", key -> key)
                .key("x", key -> 1)
                .mapper(row -> "")
                .build());
    }

    @Test
    void aPlainIndexDoesNotCountAndAUniqueOneDoes() throws Exception {
        Sql.run(
                dataSource,
                "CREATE TABLE records(\"KEY\" VARCHAR(9) NOT NULL)",
                "CREATE INDEX plain ON records(\"KEY\")");
        refusal();
        Sql.run(dataSource, "CREATE UNIQUE INDEX ux ON records(\"KEY\")");
        JdbcArbiter<String, String> arbiter = build();
        arbiter.insert("a", "");
        assertEquals("ADOPTED", arbiter.insert("a", "").verdict().name());
    }

    @Test
    void whatIsNoTableOrNotThereIsNamed() throws Exception {
        assertTrue(refusal().contains("there is no table \"RECORDS\""), this::refusal);
        Sql.run(dataSource, "CREATE TABLE t(\"KEY\" VARCHAR(9) PRIMARY KEY)", "CREATE VIEW records AS SELECT * FROM t");
        assertTrue(refusal().contains("records is a VIEW"), this::refusal);
        Sql.run(dataSource, "DROP VIEW records", "CREATE TABLE records(id INT, name INT)");
        assertTrue(refusal().contains("has no key column KEY; it has ID, NAME"), this::refusal);
    }

    @Test
    void aReadOnlyDatabaseIsRefused() throws Exception {
        java.nio.file.Path folder = java.nio.file.Files.createTempDirectory("h2-read-only");
        try {
            JdbcDataSource file = new JdbcDataSource();
            file.setURL("jdbc:h2:" + folder.resolve("db"));
            Sql.run(file, "CREATE TABLE records(\"KEY\" VARCHAR(9) PRIMARY KEY)");
            file.setURL("jdbc:h2:" + folder.resolve("db") + ";ACCESS_MODE_DATA=r");
            IllegalStateException e = assertThrows(IllegalStateException.class, () -> build(file, "records"));
            assertTrue(e.getMessage().contains("read-only"), e::getMessage);
        } finally {
            try (var files = java.nio.file.Files.walk(folder)) {
                files.sorted(java.util.Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }

    /** A row that is rolled back later would be found, and published for as long as records live. */
    @Test
    void aDataSourceThatReadsWhatIsNotCommittedIsRefused() throws Exception {
        Sql.run(dataSource, "CREATE TABLE records(\"KEY\" VARCHAR(9) PRIMARY KEY)");
        assertReadingUncommittedIsRefused(dataSource, dirty -> build(dirty, "records"));
    }

    static void assertReadingUncommittedIsRefused(DataSource dataSource, Consumer<DataSource> build) throws Exception {
        try (Connection only = dataSource.getConnection()) {
            only.setTransactionIsolation(Connection.TRANSACTION_READ_UNCOMMITTED);
            DataSource dirty = Pool.of(() -> only);
            IllegalStateException e = assertThrows(IllegalStateException.class, () -> build.accept(dirty));
            assertTrue(e.getMessage().contains("READ UNCOMMITTED"), e::getMessage);
            assertTrue(e.getMessage().contains("set READ COMMITTED"), e::getMessage);
            only.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            build.accept(dirty);
        }
    }

    @Test
    void keysThatTheDatabaseWritesOtherwiseAreReportedOnceUnlessTheyAreMadeAlike() throws Exception {
        Sql.run(
                dataSource,
                "CREATE TABLE prices(k NUMERIC(10, 2) PRIMARY KEY)",
                "CREATE TABLE moments(k TIMESTAMP WITH TIME ZONE PRIMARY KEY)");
        OffsetDateTime utc = OffsetDateTime.of(2026, 1, 2, 3, 4, 5, 0, ZoneOffset.UTC);
        OffsetDateTime east = utc.withOffsetSameInstant(ZoneOffset.ofHours(2));
        assertReportedOnce(keyed("prices"), new BigDecimal("1.00"), new BigDecimal("1.0"));
        assertReportedOnce(keyed("moments"), utc, east);
        assertReportedOnce(keyed("moments"), utc.toInstant(), east.toZonedDateTime());
        try (CapturedLog log = new CapturedLog()) {
            keyed("prices")
                    .canonicalKey(key -> ((BigDecimal) key).setScale(3))
                    .build()
                    .find(BigDecimal.ONE);
            assertEquals("", log.text());
        }
    }

    private JdbcArbiterBuilder<Object, String> keyed(String table) {
        return JdbcArbiter.<Object, String>on(dataSource)
                .table(table)
                .key("k", key -> key)
                .mapper(row -> row.getString("k"));
    }

    private static void assertReportedOnce(JdbcArbiterBuilder<Object, String> builder, Object own, Object other) {
        Arbiter<Object, String> arbiter = builder.build();
        try (CapturedLog log = new CapturedLog()) {
            arbiter.find(own);
            assertEquals("", log.text());
            arbiter.find(other);
            assertTrue(log.text().contains("canonicalKey(...)"), log::text);
            log.clear();
            arbiter.find(other);
            assertEquals("", log.text());
        }
    }

    @Test
    void namesThatAreNoNamesAreRefused() {
        for (String bad : new String[] {"", "a b", "a.b.c", "a;drop table x", "\"a", "a.", ".a", "1a", "\"\"", "a--"}) {
            assertThrows(IllegalArgumentException.class, () -> build(dataSource, bad), bad);
        }
    }

    @Test
    void aDataSourceThatJoinsTheCallersTransactionIsRefused() {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> JdbcArbiter.on(new TransactionAwareDataSourceProxy()));
        assertTrue(e.getMessage().contains("caller's transaction"), e::getMessage);
    }

    @Test
    void oneThatDoesSoBehindASubclassOrAWrapperIsRefusedToo() {
        var springs = new org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy(dataSource);
        for (DataSource joins : new DataSource[] {
            new TransactionAwareDataSourceProxy() {},
            new org.springframework.jdbc.datasource.DelegatingDataSource(springs),
            new org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy(springs),
            new org.springframework.jdbc.datasource.SingleConnectionDataSource(),
            new org.springframework.jdbc.datasource.DelegatingDataSource(
                    new org.springframework.jdbc.datasource.SingleConnectionDataSource())
        }) {
            IllegalArgumentException e =
                    assertThrows(IllegalArgumentException.class, () -> JdbcArbiter.on(joins), () -> joins.getClass()
                            .getName());
            assertTrue(e.getMessage().contains("caller's transaction"), e::getMessage);
        }
        JdbcArbiter.on(new org.springframework.jdbc.datasource.DelegatingDataSource(dataSource));
    }

    /** Micronaut's are nested in what is called so. */
    @Test
    void oneThatIsNestedInWhatSaysSoIsRefusedToo() {
        for (DataSource joins : new DataSource[] {
            new TransactionAwareDataSource.DataSourceProxy(), new ContextualAwareDataSource.DataSourceProxy()
        }) {
            IllegalArgumentException e =
                    assertThrows(IllegalArgumentException.class, () -> JdbcArbiter.on(joins), () -> joins.getClass()
                            .getName());
            assertTrue(e.getMessage().contains("caller's transaction"), e::getMessage);
        }
    }

    private static class TransactionAwareDataSource {
        static class DataSourceProxy extends org.postgresql.ds.PGSimpleDataSource {}
    }

    private static class ContextualAwareDataSource {
        static class DataSourceProxy extends org.postgresql.ds.PGSimpleDataSource {}
    }

    /** By its name, Spring's. */
    private static class TransactionAwareDataSourceProxy extends org.postgresql.ds.PGSimpleDataSource {}
}
