package dev.getorcreate.jdbc;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.Arbiter;
import dev.getorcreate.ArbiterFailedException;
import dev.getorcreate.Ruling;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.util.PGobject;

class JdbcArbiterIT extends JdbcArbiterContract {

    private String folding = "text COLLATE ignoring_case";

    @Override
    DataSource dataSource() {
        return Postgres.dataSource();
    }

    @Override
    String foldingText(String column) {
        return quoted(column) + ' ' + folding + " NOT NULL";
    }

    @Override
    String sessionSettings() {
        return "SELECT name || '=' || setting FROM pg_settings ORDER BY name";
    }

    @BeforeEach
    void createCollation() throws SQLException {
        Sql.run(
                dataSource,
                "CREATE COLLATION IF NOT EXISTS ignoring_case"
                        + " (provider = icu, locale = 'und-u-ks-level2', deterministic = false)");
    }

    @AfterEach
    void dropTable() throws SQLException {
        Sql.run(
                dataSource,
                "DROP TABLE IF EXISTS " + table,
                "DROP SEQUENCE IF EXISTS calls_" + table,
                "DROP FUNCTION IF EXISTS on_" + table + "()");
    }

    /** Runs before each insert; {@code nextval} counts on also when the insert is rolled back. */
    private void beforeInsert(String body) throws SQLException {
        Sql.run(
                dataSource,
                "CREATE SEQUENCE calls_" + table,
                "CREATE FUNCTION on_" + table + "() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE call bigint :="
                        + " nextval('calls_" + table + "'); BEGIN " + body + " RETURN NEW; END $$",
                "CREATE TRIGGER t BEFORE INSERT ON " + table + " FOR EACH ROW EXECUTE FUNCTION on_" + table + "()");
    }

    private String calls() throws SQLException {
        return Sql.ask(dataSource, "SELECT last_value FROM calls_" + table);
    }

    /** Its operators are there only where they are named: the schema is not where names are looked for. */
    @Test
    void aColumnOfCitextIsComparedAsItsIndexDoes() throws Exception {
        Sql.run(
                dataSource,
                "CREATE SCHEMA IF NOT EXISTS \"Ext\"",
                "CREATE EXTENSION IF NOT EXISTS citext SCHEMA \"Ext\"");
        folding = Sql.ask(
                dataSource,
                "SELECT extnamespace::regnamespace || '.citext' FROM pg_extension WHERE extname = 'citext'");
        aColumnThatFoldsKeysIsReportedAndCanonicalKeyMakesThemOne();
    }

    /** The driver rounds a time, what is asked for too: two keys would be one row, and its record both's. */
    @Test
    void aTimeThatIsFinerThanTheDatabasesIsRefusedAsAKey() throws Exception {
        Sql.run(dataSource, "DROP TABLE " + table, "CREATE TABLE " + table + "(at timestamptz PRIMARY KEY)");
        Arbiter<Instant, String> moments = JdbcArbiter.<Instant, String>on(dataSource)
                .table(table)
                .key("at", at -> at)
                .mapper(row -> "a record")
                .build();
        Instant at = Instant.parse("2026-01-02T03:04:05.000001Z");
        Instant finer = at.plusNanos(1);
        assertEquals(Ruling.created("a record"), moments.insert(at, ""));
        assertEquals(Optional.of("a record"), moments.find(at));
        for (Runnable call : new Runnable[] {() -> moments.find(finer), () -> moments.insert(finer, "")}) {
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call::run);
            assertTrue(e.getMessage().contains("truncatedTo(ChronoUnit.MICROS)"), e::getMessage);
        }
    }

    /** Strings without a type, which the database reads as the column's. */
    private PGSimpleDataSource untyped() {
        PGSimpleDataSource untyped = Postgres.copyOf((PGSimpleDataSource) dataSource);
        untyped.setStringType("unspecified");
        return untyped;
    }

    @Test
    void aTextForATypeThatWritesItOtherwiseIsRefusedBeforeItBecomesAnothersRow() throws Exception {
        dataSource = untyped();
        for (String[] each : new String[][] {
            {"inet", "2001:db8::1", "2001:DB8::1"},
            {"macaddr", "08:00:2b:01:02:03", "08002b:010203"},
            {"interval", "1 day", "24:00:00"},
            {"jsonb", "{\"a\": 1}", "{\"a\":1}"}
        }) {
            PGobject kept = new PGobject();
            kept.setType(each[0]);
            kept.setValue(each[1]);
            finerKeysAreRefused(new Rounding(each[0], kept, each[2]), "is text");
        }
    }

    @Test
    void aTextForAnEnumerationOrADomainOfTextIsTaken() throws Exception {
        dataSource = untyped();
        String mood = "mood_" + table;
        String name = "name_" + table;
        Sql.run(
                dataSource,
                "CREATE TYPE " + mood + " AS ENUM ('sad', 'ok')",
                "CREATE DOMAIN " + name + " AS text CHECK (VALUE <> '')");
        try {
            for (String type : new String[] {mood, name, "name"}) {
                Sql.run(dataSource, "DROP TABLE " + table, "CREATE TABLE " + table + "(k " + type + " PRIMARY KEY)");
                Arbiter<String, String> arbiter = JdbcArbiter.<String, String>on(dataSource)
                        .table(table)
                        .key("k", key -> key)
                        .mapper(row -> row.getString("k"))
                        .build();
                assertEquals(Ruling.created("ok"), arbiter.insert("ok", ""), type);
                assertEquals(Ruling.adopted("ok"), arbiter.insert("ok", ""), type);
            }
        } finally {
            Sql.run(dataSource, "DROP TABLE " + table, "DROP TYPE " + mood, "DROP DOMAIN " + name);
        }
    }

    @Test
    void deadlocksLockTimeoutsAndSerializationFailuresAreTriedAgain() throws Exception {
        beforeInsert("IF call = 1 THEN RAISE SQLSTATE '40P01'; END IF; IF call = 2 THEN RAISE SQLSTATE '55P03'; END IF;"
                + " IF call = 3 THEN RAISE SQLSTATE '40001'; END IF;");
        Entry mine = new Entry("a", "1");
        assertEquals(Ruling.created(mine), another().insert("a", mine));
        assertEquals("4", calls());
    }

    @Test
    void tryingAgainIsBounded() throws Exception {
        beforeInsert("RAISE SQLSTATE '40001';");
        ArbiterFailedException e =
                assertThrows(ArbiterFailedException.class, () -> another().insert("a", new Entry("a", "1")));
        assertTrue(e.getMessage().contains("again and again"), e::getMessage);
        assertEquals("6", calls());
    }

    @Test
    void otherErrorsAreNotTriedAgain() throws Exception {
        beforeInsert("RAISE SQLSTATE '23514';");
        assertThrows(ArbiterFailedException.class, () -> another().insert("a", new Entry("a", "1")));
        assertEquals("1", calls());
    }

    private String conflictOn(String constraint) {
        return "RAISE EXCEPTION 'duplicate key value violates unique constraint \"" + constraint
                + "\"' USING ERRCODE = '23505';";
    }

    @Test
    void aWinnerThatIsGoneWhenReadBackLetsTheInsertTryAgain() throws Exception {
        beforeInsert("IF call < 3 THEN " + conflictOn("uq_" + table + "_key") + " END IF;");
        Entry mine = new Entry("a", "1");
        assertEquals(Ruling.created(mine), another().insert("a", mine));
        assertEquals("3", calls());
    }

    @Test
    void aWinnerThatIsAlwaysGoneIsAnErrorAfterThreeInserts() throws Exception {
        beforeInsert(conflictOn("uq_" + table + "_key"));
        ArbiterFailedException e =
                assertThrows(ArbiterFailedException.class, () -> another().insert("a", new Entry("a", "1")));
        assertTrue(e.getMessage().contains("reading it back found none"), e::getMessage);
        assertEquals("3", calls());
    }

    @Test
    void anotherConstraintsViolationIsNotTriedAgain() throws Exception {
        beforeInsert(conflictOn("not_uq_" + table + "_key"));
        ArbiterFailedException e =
                assertThrows(ArbiterFailedException.class, () -> another().insert("a", new Entry("a", "1")));
        assertTrue(e.getMessage().contains("nobody got there first"), e::getMessage);
        assertEquals("1", calls());
    }

    @Test
    void anInsertThatATriggerDropsIsAnError() throws Exception {
        beforeInsert("RETURN NULL;");
        ArbiterFailedException e =
                assertThrows(ArbiterFailedException.class, () -> another().insert("a", new Entry("a", "1")));
        assertTrue(e.getMessage().contains("wrote no row"), e::getMessage);
    }

    @Test
    void aTriggerThatChangesTheKeyIsAnError() throws Exception {
        beforeInsert("NEW.key := upper(NEW.key);");
        ArbiterFailedException e =
                assertThrows(ArbiterFailedException.class, () -> another().insert("a", new Entry("a", "1")));
        assertTrue(e.getMessage().contains("another key's"), e::getMessage);
    }

    @Test
    void anUnfinishedInsertOfARivalIsWaitedForAndItsRowAdopted() throws Exception {
        Entry rival = new Entry("a", "theirs");
        try (Connection other = dataSource.getConnection()) {
            insertUncommitted(other);
            CompletableFuture<Ruling<Entry>> mine =
                    CompletableFuture.supplyAsync(() -> another().insert("a", new Entry("a", "mine")));
            Blocked.await(dataSource, "INSERT INTO \"" + table);
            other.commit();
            assertEquals(Ruling.adopted(rival), mine.get(30, SECONDS));
        }
    }

    @Test
    void anUnfinishedInsertOfARivalThatIsRolledBackLeavesTheKeyToUs() throws Exception {
        Entry candidate = new Entry("a", "mine");
        try (Connection other = dataSource.getConnection()) {
            insertUncommitted(other);
            CompletableFuture<Ruling<Entry>> mine =
                    CompletableFuture.supplyAsync(() -> another().insert("a", candidate));
            Blocked.await(dataSource, "INSERT INTO \"" + table);
            other.rollback();
            assertEquals(Ruling.created(candidate), mine.get(30, SECONDS));
        }
    }

    private void insertUncommitted(Connection other) throws SQLException {
        other.setAutoCommit(false);
        try (Statement statement = other.createStatement()) {
            statement.execute("INSERT INTO " + table + "(key, value) VALUES ('a', 'theirs')");
        }
    }

    @Test
    void aLockThatIsNeverGivenUpEndsTheInsertAfterItsTimeout() throws Exception {
        try (Connection other = dataSource.getConnection()) {
            insertUncommitted(other);
            Arbiter<String, Entry> impatient =
                    builder().statementTimeout(Duration.ofSeconds(1)).build();
            ArbiterFailedException e =
                    assertThrows(ArbiterFailedException.class, () -> impatient.insert("a", new Entry("a", "mine")));
            assertTrue(e.getMessage().contains("waited that long for a lock"), e::getMessage);
            other.rollback();
        }
        assertEquals(0, rows("a"));
    }

    @Test
    void aColumnMayBeAddedWhileWeRun() throws Exception {
        Entry mine = new Entry("a", "1");
        try (Pool pool = new Pool(dataSource)) {
            DataSource direct = dataSource;
            dataSource = pool.dataSource();
            Arbiter<String, Entry> arbiter = another();
            dataSource = direct;
            arbiter.insert("a", mine);
            // More than five times: then the driver prepares the statement on the server, with its columns.
            for (int i = 0; i < 10; i++) {
                assertEquals(Optional.of(mine), arbiter.find("a"));
                assertEquals(Ruling.adopted(mine), arbiter.insert("a", new Entry("a", "2")));
            }
            Sql.run(dataSource, "ALTER TABLE " + table + " ADD COLUMN later int");
            assertEquals(Optional.of(mine), arbiter.find("a"));
            Entry second = new Entry("b", "3");
            assertEquals(Ruling.created(second), arbiter.insert("b", second));
        }
    }

    @Test
    void theConflictIsKnownAlsoInPartitionsThatAreAddedWhileWeRun() throws Exception {
        Sql.run(
                dataSource,
                "DROP TABLE " + table,
                "CREATE TABLE " + table + "(key text PRIMARY KEY, value text, seen int) PARTITION BY LIST (key)",
                "CREATE TABLE " + table + "_a PARTITION OF " + table + " FOR VALUES IN ('a')");
        Arbiter<String, Entry> arbiter = another();
        KeyedTable<String, Entry> opened = KeyedTable.open(builder().settings());
        Sql.run(dataSource, "CREATE TABLE " + table + "_b PARTITION OF " + table + " FOR VALUES IN ('b')");
        // Where the winner is gone when it is read back, the reported name alone decides.
        assertTrue(opened.isKeyConflict(violationOf(table + "_b_pkey")));
        assertFalse(opened.isKeyConflict(violationOf(table + "_b_other")));
        for (String key : new String[] {"a", "b"}) {
            Entry mine = new Entry(key, "1");
            assertEquals(Ruling.created(mine), arbiter.insert(key, mine));
            assertEquals(Ruling.adopted(mine), arbiter.insert(key, new Entry(key, "2")));
        }
    }

    private static UniqueViolation violationOf(String constraint) {
        return UniqueViolation.find(new SQLException(
                        "ERROR: duplicate key value violates unique constraint \"" + constraint + '"', "23505"))
                .orElseThrow();
    }

    @Test
    void uuidsTimesAndJsonAreBoundAsTheyAre() throws Exception {
        Sql.run(
                dataSource,
                "DROP TABLE " + table,
                "CREATE TABLE " + table + "(id uuid PRIMARY KEY, at timestamptz, doc jsonb,"
                        + " n bigint GENERATED ALWAYS AS IDENTITY)");
        Arbiter<UUID, String> documents = JdbcArbiter.<UUID, String>on(dataSource)
                .table(table)
                .key("id", id -> id)
                .columns((row, id, doc) ->
                        row.set("doc", doc, Types.OTHER).set("at", Instant.parse("2026-01-02T03:04:05Z")))
                .mapper(row -> row.getLong("n")
                        + row.getString("doc")
                        + row.getObject("at", java.time.OffsetDateTime.class).toInstant())
                .build();
        UUID id = UUID.randomUUID();
        String record = "1{\"a\": 1}2026-01-02T03:04:05Z";
        assertEquals(Ruling.created(record), documents.insert(id, "{\"a\":1}"));
        assertEquals(Ruling.adopted(record), documents.insert(id, "{\"a\":2}"));
        assertEquals(Optional.empty(), documents.find(UUID.randomUUID()));
    }
}
