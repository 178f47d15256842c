package dev.getorcreate.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.ArbiterFailedException;
import dev.getorcreate.Ruling;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.postgresql.ds.PGSimpleDataSource;

class StartupCheckIT {

    private final String schema = "s_" + UUID.randomUUID().toString().replace("-", "");
    private PGSimpleDataSource dataSource;

    @BeforeEach
    void createSchema() throws Exception {
        dataSource = Postgres.copyOf(Postgres.dataSource());
        Sql.run(dataSource, "CREATE SCHEMA " + schema);
        dataSource.setCurrentSchema(schema);
    }

    @AfterEach
    void dropSchema() throws Exception {
        if (dataSource != null) {
            dataSource.setOptions(null);
            Sql.run(dataSource, "DROP SCHEMA IF EXISTS " + schema + " CASCADE");
        }
    }

    private JdbcArbiter<String, String> build() {
        return build("records");
    }

    private JdbcArbiter<String, String> build(String table) {
        return build(dataSource, table);
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

    private void run(String... statements) throws SQLException {
        Sql.run(dataSource, statements);
    }

    @Test
    void withoutAConstraintTheMissingOneIsGivenAndWorksOnceTheDuplicatesAreGone() throws Exception {
        run("CREATE TABLE records(key text)", "INSERT INTO records VALUES ('a'), ('a'), ('a'), ('b'), ('b'), ('c')");
        String refusal = refusal();
        assertTrue(refusal.contains("ALTER TABLE records ADD CONSTRAINT uq_records_key UNIQUE (key);"), refusal);
        assertTrue(refusal.contains("ALTER TABLE records ALTER COLUMN key SET NOT NULL;"), refusal);
        assertTrue(refusal.contains("3 duplicate rows of 2 keys stand in its way"), refusal);
        assertEquals(
                "a",
                Sql.ask(
                        dataSource,
                        refusal.lines()
                                .map(String::strip)
                                .filter(line -> line.startsWith("SELECT"))
                                .findFirst()
                                .orElseThrow()));
        run("DELETE FROM records");
        for (String line : refusal.lines().map(String::strip).toList()) {
            if (line.startsWith("ALTER TABLE")) {
                run(line);
            }
        }
        build();
    }

    @Test
    void aStatementForNamesThatNeedQuotesIsQuoted() throws Exception {
        run("CREATE TABLE \"Order\"(key text NOT NULL)");
        String refusal = assertThrows(IllegalStateException.class, () -> build(schema + ".\"Order\""))
                .getMessage();
        String line = "ALTER TABLE " + schema + ".\"Order\" ADD CONSTRAINT \"uq_Order_key\" UNIQUE (key);";
        assertTrue(refusal.contains(line), refusal);
        run(line);
        build(schema + ".\"Order\"");
    }

    @Test
    void whatIsUniqueInSomeOtherWayDoesNotCountAndIsNamed() throws Exception {
        run("CREATE TABLE records(key text NOT NULL, x int NOT NULL)");
        nearMiss("CREATE UNIQUE INDEX ux ON records(key) WHERE x > 0", "is partial");
        nearMiss("CREATE UNIQUE INDEX ux ON records(lower(key))", null);
        nearMiss("CREATE UNIQUE INDEX ux ON records(key, x)", "is on other columns: key, x");
        nearMiss("CREATE UNIQUE INDEX ux ON records(key, lower(key))", "is on an expression");
        nearMiss("CREATE INDEX ux ON records(key)", null);
        nearMiss("ALTER TABLE records ADD CONSTRAINT ux UNIQUE (key) DEFERRABLE INITIALLY IMMEDIATE", "is DEFERRABLE");
    }

    private void nearMiss(String made, String why) throws SQLException {
        run(made);
        String refusal = refusal();
        assertTrue(refusal.contains("has no unique constraint on exactly its key"), refusal);
        assertTrue(why == null || refusal.contains("ux does not count: it " + why), refusal);
        run(made.startsWith("ALTER") ? "ALTER TABLE records DROP CONSTRAINT ux" : "DROP INDEX ux");
    }

    @Test
    void aPartialIndexThatIsNamedDecidesAmongTheRowsThatCount() throws Exception {
        run(
                "CREATE TABLE records(key text NOT NULL, deleted_at timestamptz)",
                "CREATE UNIQUE INDEX ux ON records(key) WHERE deleted_at IS NULL",
                "INSERT INTO records VALUES ('a', now()), ('a', now())");
        JdbcArbiter<String, String> arbiter = JdbcArbiter.<String, String>on(dataSource)
                .table("records")
                .key("key", key -> key)
                .partialIndex("ux")
                .mapper(row -> row.getString("key"))
                .build();
        assertTrue(arbiter.find("a").isEmpty());
        assertEquals("CREATED", arbiter.insert("a", "").verdict().name());
        assertEquals("ADOPTED", arbiter.insert("a", "").verdict().name());
        assertEquals("3", Sql.ask(dataSource, "SELECT count(*) FROM records"));
    }

    /** It would be inserted again and again. */
    @Test
    void aRowThatDoesNotCountThoughItIsNewIsAnErrorThatNamesTheIndex() throws Exception {
        run(
                "CREATE TABLE records(key text NOT NULL, deleted_at timestamptz DEFAULT now())",
                "CREATE UNIQUE INDEX ux ON records(key) WHERE deleted_at IS NULL");
        JdbcTransactions transactions = new JdbcTransactions(dataSource);
        JdbcArbiterBuilder<String, String> builder = JdbcArbiter.<String, String>on(dataSource)
                .table("records")
                .key("key", key -> key)
                .partialIndex("ux")
                .mapper(row -> row.getString("key"))
                .transactions(transactions);
        JdbcArbiter<String, String> arbiter = builder.build();
        for (Executable insert : new Executable[] {
            () -> arbiter.insert("a", ""),
            () -> arbiter.insertAll(Map.of("b", "", "c", "")),
            () -> transactions.run(connection -> arbiter.joined().insert("d", ""))
        }) {
            ArbiterFailedException e = assertThrows(ArbiterFailedException.class, insert);
            assertTrue(
                    e.getMessage().contains("the condition of the partial index ux: set the columns"), e::getMessage);
        }
        assertEquals("abc", Sql.ask(dataSource, "SELECT string_agg(key, '' ORDER BY key) FROM records"));
        JdbcArbiter<String, String> setting = builder.columns((row, key, value) -> row.set("deleted_at", null))
                .build();
        assertEquals(Ruling.created("a"), setting.insert("a", ""));
        assertEquals(Ruling.adopted("a"), setting.insert("a", ""));
        assertEquals(Ruling.created("d"), transactions.run(connection -> setting.joined()
                .insert("d", "")));
    }

    @Test
    void theConditionIsTheIndexsOwnWithItsQuestionMarksAndCasts() throws Exception {
        run(
                "CREATE TABLE records(key text NOT NULL, n int DEFAULT 30, data jsonb DEFAULT '{\"live\": 1}',"
                        + " \"why?\" text DEFAULT 'it''s')",
                "CREATE UNIQUE INDEX ux ON records(key) WHERE n::text > '4' OR data ? 'live' AND data ?| '{live,?}'"
                        + " AND \"why?\" <> 'it''s?'",
                "INSERT INTO records VALUES ('a', 30, '{}'), ('a', 30, '{}')");
        JdbcArbiter<String, String> arbiter = naming("ux").build();
        assertEquals(Map.of(), arbiter.findAll(List.of("a", "b")));
        assertEquals(Ruling.created("a"), arbiter.insert("a", ""));
        assertEquals(
                Map.of("a", Ruling.adopted("a"), "b", Ruling.created("b")),
                arbiter.insertAll(Map.of("a", "", "b", "")));
        assertEquals("4", Sql.ask(dataSource, "SELECT count(*) FROM records"));
    }

    @Test
    void aNameThatIsNoPartialIndexOfTheKeyIsRefused() throws Exception {
        run(
                "CREATE TABLE records(key text NOT NULL, x int, CONSTRAINT whole UNIQUE (key))",
                "CREATE UNIQUE INDEX \"of another column\" ON records(x) WHERE x > 0",
                "CREATE INDEX plain ON records(key) WHERE x > 0");
        for (String wrong : new String[] {"whole", "\"of another column\"", "plain", "missing"}) {
            IllegalStateException e = assertThrows(
                    IllegalStateException.class, () -> naming(wrong).build());
            assertTrue(
                    e.getMessage().contains("has no partial unique index " + wrong.replace("\"", "")), e::getMessage);
        }
        run("ALTER TABLE records DROP CONSTRAINT whole");
        IllegalStateException e =
                assertThrows(IllegalStateException.class, () -> naming("whole").build());
        assertTrue(e.getMessage().contains("has no unique constraint on exactly its key"), e::getMessage);
    }

    private JdbcArbiterBuilder<String, String> naming(String index) {
        return JdbcArbiter.<String, String>on(dataSource)
                .table("records")
                .key("key", key -> key)
                .partialIndex(index)
                .mapper(row -> row.getString("key"));
    }

    @Test
    void aDomainIsAsFineAsItsTypeAndANumericWithoutAScaleKeepsAll() throws Exception {
        run(
                "CREATE DOMAIN cents AS numeric(10, 2)",
                "CREATE DOMAIN paid AS cents CHECK (VALUE > 0)",
                "CREATE TABLE records(price paid, rate numeric, PRIMARY KEY (price, rate))");
        JdbcArbiter<BigDecimal, String> prices = JdbcArbiter.<BigDecimal, String>on(dataSource)
                .table("records")
                .key("price", price -> price)
                .key("rate", price -> new BigDecimal("0.123456789"))
                .mapper(row -> row.getString("rate"))
                .build();
        assertEquals(Ruling.created("0.123456789"), prices.insert(new BigDecimal("1.25"), ""));
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> prices.insert(new BigDecimal("1.251"), ""));
        assertTrue(e.getMessage().contains("it keeps 2 digits behind the point"), e::getMessage);
    }

    /** The server makes 15 digits of a double, and two of them would be one number. */
    @Test
    void doublesAreKeptByANumericAsTheyAreWritten() throws Exception {
        run("CREATE TABLE records(key numeric PRIMARY KEY)");
        JdbcArbiter<Number, String> numbers = JdbcArbiter.<Number, String>on(dataSource)
                .table("records")
                .key("key", number -> number)
                .mapper(row -> row.getString("key"))
                .build();
        assertEquals(Ruling.created("0.30000000000000004"), numbers.insert(0.1 + 0.2, ""));
        assertEquals(Optional.empty(), numbers.find(0.3));
        assertEquals(Optional.of("0.30000000000000004"), numbers.find(0.1 + 0.2));
        assertEquals(Ruling.created("16777217.5"), numbers.insert(16777217.5, ""));
        assertEquals(Ruling.created("0.12345679"), numbers.insert(0.12345679f, ""));
        assertEquals(Ruling.created("NaN"), numbers.insert(Double.NaN, ""));
        assertEquals(Optional.of("NaN"), numbers.find(Double.NaN));
    }

    @Test
    void anIndexWhoseBuildFailedDoesNotCount() throws Exception {
        run("CREATE TABLE records(key text NOT NULL)", "INSERT INTO records VALUES ('a'), ('a')");
        assertThrows(SQLException.class, () -> run("CREATE UNIQUE INDEX CONCURRENTLY ux ON records(key)"));
        String refusal = refusal();
        assertTrue(refusal.contains("ux does not count: it is INVALID"), refusal);
    }

    @Test
    void aUniqueIndexWithoutConstraintCountsAlsoWithIncludedColumns() throws Exception {
        run("CREATE TABLE records(key text NOT NULL, x int)", "CREATE UNIQUE INDEX ux ON records(key) INCLUDE (x)");
        JdbcArbiter<String, String> arbiter = build();
        arbiter.insert("a", "");
        assertEquals("ADOPTED", arbiter.insert("a", "").verdict().name());
    }

    @Test
    void whatIsNoTableOrNotThereIsNamed() throws Exception {
        assertTrue(refusal().contains("there is no table \"records\""), this::refusal);
        run("CREATE TABLE t(key text PRIMARY KEY)", "CREATE VIEW records AS SELECT * FROM t");
        assertTrue(refusal().contains("records is a view"), this::refusal);
        run("DROP VIEW records", "CREATE MATERIALIZED VIEW records AS SELECT * FROM t");
        assertTrue(refusal().contains("records is a materialized view"), this::refusal);
        run("DROP MATERIALIZED VIEW records", "CREATE TABLE records(id int, name text)");
        assertTrue(refusal().contains("has no key column key; it has id, name"), this::refusal);
    }

    /** Its constraint does not bind the rows of the other, which are found with its own. */
    @Test
    void aTableThatOthersInheritFromIsRefusedUntilTheyDoNoMore() throws Exception {
        run("CREATE TABLE records(key text PRIMARY KEY)", "CREATE TABLE more() INHERITS (records)");
        assertTrue(refusal().contains("other tables inherit from \"records\""), this::refusal);
        run("ALTER TABLE more ADD PRIMARY KEY (key)");
        build("more");
        run("ALTER TABLE more NO INHERIT records");
        build();
    }

    /** They inherit from it, and have its constraint each. */
    @Test
    void whatTimescaleKeepsATableInDoesNotCount() throws Exception {
        String chunk = "_timescaledb_internal.\"" + schema + "\"";
        run(
                "CREATE SCHEMA IF NOT EXISTS _timescaledb_internal",
                "CREATE TABLE records(key text PRIMARY KEY)",
                "CREATE TABLE " + chunk + "(PRIMARY KEY (key)) INHERITS (records)");
        try {
            build();
            run("ALTER TABLE " + chunk + " SET UNLOGGED");
            assertTrue(refusal().contains(schema + " is UNLOGGED"), this::refusal);
        } finally {
            run("DROP TABLE " + chunk);
        }
    }

    @Test
    void aPartitionThatACrashEmptiesIsRefusedAndTheGivenStatementHelps() throws Exception {
        run(
                "CREATE TABLE records(key text PRIMARY KEY) PARTITION BY LIST (key)",
                "CREATE TABLE \"Some\" PARTITION OF records DEFAULT PARTITION BY LIST (key)",
                "CREATE UNLOGGED TABLE \"More\" PARTITION OF \"Some\" DEFAULT");
        String refusal = refusal();
        assertTrue(refusal.contains("\"More\" is UNLOGGED"), refusal);
        run(refusal.substring(refusal.indexOf("ALTER TABLE")));
        build();
    }

    @Test
    void aTableThatACrashEmptiesIsRefusedAndTheGivenStatementHelps() throws Exception {
        run("CREATE UNLOGGED TABLE records(key text PRIMARY KEY)");
        String refusal = refusal();
        assertTrue(refusal.contains("is UNLOGGED"), refusal);
        run(refusal.substring(refusal.indexOf("ALTER TABLE")));
        build();
    }

    @Test
    void aTableOfOneSessionIsRefused() throws Exception {
        try (Pool session = new Pool(dataSource)) {
            Sql.run(session.dataSource(), "CREATE TEMPORARY TABLE records(key text PRIMARY KEY)");
            String refusal = assertThrows(IllegalStateException.class, () -> build(session.dataSource(), "records"))
                    .getMessage();
            assertTrue(refusal.contains("is temporary"), refusal);
        }
    }

    @Test
    void aDatabaseThatCannotBeWrittenIsRefused() throws Exception {
        run("CREATE TABLE records(key text PRIMARY KEY)");
        dataSource.setOptions("-c default_transaction_read_only=on");
        assertTrue(refusal().contains("transactions are read-only here"), this::refusal);
        dataSource.setOptions(null);
        dataSource.setReadOnly(true);
        assertTrue(refusal().contains("read-only"), this::refusal);
        dataSource.setReadOnly(false);
        build();
    }

    @Test
    void aUserWithoutRightsIsToldWhichToGrant() throws Exception {
        String user = "u" + schema;
        run(
                "CREATE TABLE records(key text PRIMARY KEY)",
                "CREATE ROLE " + user + " LOGIN",
                "GRANT USAGE ON SCHEMA " + schema + " TO " + user,
                "GRANT SELECT ON records TO " + user);
        String me = dataSource.getUser();
        try {
            dataSource.setOptions("-c role=" + user);
            String refusal = refusal();
            assertTrue(refusal.contains("lacks the right to INSERT"), refusal);
            dataSource.setOptions(null);
            run(refusal.substring(refusal.indexOf("GRANT")));
            dataSource.setOptions("-c role=" + user);
            build();
        } finally {
            dataSource.setOptions(null);
            dataSource.setUser(me);
            run("DROP OWNED BY " + user, "DROP ROLE " + user);
        }
    }

    @Test
    void aDatabaseThatIsNotThereFailsAtStart() {
        String database = dataSource.getDatabaseName();
        dataSource.setDatabaseName("no_such_database");
        try {
            String refusal = refusal();
            assertTrue(refusal.contains("cannot be used (SQLState 3D000)"), refusal);
            assertTrue(refusal.contains("no_such_database"), refusal);
        } finally {
            dataSource.setDatabaseName(database);
        }
    }
}
