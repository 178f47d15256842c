package dev.getorcreate.jdbc;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.Arbiter;
import dev.getorcreate.ArbiterFailedException;
import dev.getorcreate.Ruling;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

/** SQLite in a file, by Xerial's driver. */
class SqliteArbiterTest extends JdbcArbiterContract {

    @TempDir
    Path folder;

    @Override
    DataSource dataSource() {
        return Sqlite.at(folder.resolve("records.db"));
    }

    /** SQLite minds no length. */
    @Override
    String text(String column) {
        return super.text(column) + " CHECK (length(" + quoted(column) + ") <= 100)";
    }

    @Override
    String unique(String column) {
        return "CREATE UNIQUE INDEX uq_" + table + '_' + column + " ON " + table + '(' + quoted(column) + ')';
    }

    @Override
    String reported(String column) {
        return table + '.' + column;
    }

    @Override
    String tooLong() {
        return "CHECK constraint";
    }

    @Override
    String foldingText(String column) {
        return quoted(column) + " TEXT COLLATE NOCASE NOT NULL";
    }

    @Override
    String sessionSettings() {
        return "SELECT 'busy_timeout=' || timeout FROM pragma_busy_timeout"
                + " UNION ALL SELECT 'foreign_keys=' || foreign_keys FROM pragma_foreign_keys"
                + " UNION ALL SELECT 'query_only=' || query_only FROM pragma_query_only";
    }

    @Override
    String generatedId() {
        return "id INTEGER PRIMARY KEY AUTOINCREMENT";
    }

    /** Of numbers that are no longs it makes doubles, and texts of 15 digits of those. */
    @Override
    List<Rounding> roundings() {
        BigInteger longest = BigInteger.valueOf(Long.MAX_VALUE);
        return List.of(
                new Rounding("DECIMAL(30)", longest, longest.add(BigInteger.ONE)),
                new Rounding(
                        "NUMERIC(20, 2)", new BigDecimal("1234567890123.45"), new BigDecimal("123456789012345.67")),
                new Rounding("NUMERIC(20, 2)", 0.1 + 0.2, new BigDecimal("0.30000000000000004")),
                new Rounding("INTEGER", Long.MAX_VALUE, new BigDecimal("9223372036854775807.5")),
                new Rounding("REAL", 1L << 53, (1L << 53) + 1),
                new Rounding("DOUBLE", 0.1 + 0.2, Long.MAX_VALUE),
                new Rounding("REAL", new BigDecimal("0.1"), new BigDecimal("0.10000000000000000001")),
                new Rounding("TEXT", 0.1, 0.1 + 0.2));
    }

    /** It makes numbers only of texts that look like one. */
    @Override
    List<Rounding> texts() {
        return List.of(
                new Rounding("INT", 7, "007"),
                new Rounding("STRING", "seven", " 7 "),
                new Rounding("NUMERIC(10, 2)", "1.5.5", "+1.50"),
                new Rounding("DATE", "2026-01-02", "2026"),
                new Rounding("REAL", 0.5, "5e-1"));
    }

    @Test
    void whatIsDeclaredAsNothingOrBytesKeepsAll() throws Exception {
        Sql.run(dataSource, "CREATE TABLE kept(k BLOB NOT NULL PRIMARY KEY)");
        Arbiter<BigDecimal, String> numbers = JdbcArbiter.<BigDecimal, String>on(dataSource)
                .table("kept")
                .key("k", number -> number)
                .mapper(row -> row.getString("k"))
                .build();
        for (String number : new String[] {"123456789012345.67", "123456789012345.68"}) {
            assertEquals(Ruling.created(number), numbers.insert(new BigDecimal(number), ""));
        }
    }

    @Test
    void aStrictTableKeepsTextsThatReadAsNumbers() throws Exception {
        Sql.run(dataSource, "CREATE TABLE strict_one(k ANY NOT NULL PRIMARY KEY) STRICT");
        Arbiter<String, String> texts = JdbcArbiter.<String, String>on(dataSource)
                .table("strict_one")
                .key("k", text -> text)
                .mapper(row -> row.getString("k"))
                .build();
        for (String text : new String[] {"007", "7"}) {
            assertEquals(Ruling.created(text), texts.insert(text, ""));
        }
    }

    /** It makes a text of a number that is compared with one, and each number is its own. */
    @Override
    @Test
    void aNumberForAColumnOfTextIsRefusedBeforeItFindsTheRowOfAnotherText() {
        NUMBERS_OF_OTHER_TEXTS.forEach((text, number) -> {
            another().insert(text, new Entry(text, text));
            assertEquals(Optional.empty(), numbers().find(number));
        });
        assertEquals(Ruling.created("mine"), numbers().insert(12L, "mine"));
        assertEquals(Optional.of("mine"), numbers().find(12L));
        assertEquals(Optional.of(new Entry("12", "mine")), another().find("12"));
    }

    @Override
    int statementsOfAnInsert() {
        return 2;
    }

    /** Another one can only be attached to each connection by itself. */
    @Override
    String createSchema() {
        return "main";
    }

    @Override
    void dropSchema(String schema) {}

    @Test
    void anInsertThatATriggerDropsIsAnError() throws Exception {
        Sql.run(dataSource, "CREATE TRIGGER dropped BEFORE INSERT ON " + table + " BEGIN SELECT RAISE(IGNORE); END");
        ArbiterFailedException e =
                assertThrows(ArbiterFailedException.class, () -> another().insert("a", new Entry("a", "1")));
        assertTrue(e.getMessage().contains("wrote no row"), e::getMessage);
    }

    @Test
    void anInsertThatBecomesTwoRowsIsAnError() {
        DataSource direct = dataSource;
        dataSource =
                new Counted(direct, sql -> sql.startsWith("INSERT") ? sql + ", ('other', 'row')" : sql).dataSource();
        try {
            ArbiterFailedException e =
                    assertThrows(ArbiterFailedException.class, () -> another().insert("a", new Entry("a", "1")));
            assertTrue(e.getMessage().contains("more than one row"), e::getMessage);
        } finally {
            dataSource = direct;
        }
    }

    @Test
    void aConstraintThatGivesWayOnAConflictIsOverruled() throws Exception {
        for (String way : new String[] {"REPLACE", "IGNORE"}) {
            Sql.run(
                    dataSource,
                    "DROP TABLE " + table,
                    "CREATE TABLE " + table + "(key TEXT NOT NULL UNIQUE ON CONFLICT " + way + ", value TEXT DEFAULT '"
                            + "it''s long ".repeat(2_000) + "')");
            Entry first = new Entry("a", "1");
            assertEquals(Ruling.created(first), another().insert("a", first));
            assertEquals(Ruling.adopted(first), another().insert("a", new Entry("a", "2")));
            Map<String, Entry> both = Map.of("a", new Entry("a", "3"), "b", new Entry("b", "3"));
            assertEquals(
                    Map.of("a", Ruling.adopted(first), "b", Ruling.created(both.get("b"))),
                    another().insertAll(both));
        }
    }

    /** What an INSERT says of conflicts holds in its triggers too. */
    @Test
    void aTriggerMayGiveWayInItsOwnTable() throws Exception {
        Sql.run(
                dataSource,
                "ALTER TABLE " + table + " ADD COLUMN \"on conflict\" TEXT /* on conflict */",
                "CREATE TABLE seen(value TEXT PRIMARY KEY)",
                "CREATE TRIGGER sees AFTER INSERT ON " + table
                        + " BEGIN INSERT OR IGNORE INTO seen VALUES ('any'); END");
        for (String key : new String[] {"a", "b"}) {
            Entry mine = new Entry(key, key);
            assertEquals(Ruling.created(mine), another().insert(key, mine));
        }
    }

    @Test
    void aWriterThatHoldsTheDatabaseIsWaitedForAndThenAnErrorThatSaysSo() throws Exception {
        Arbiter<String, Entry> impatient =
                builder().statementTimeout(Duration.ofSeconds(1)).build();
        try (Connection other = dataSource.getConnection();
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            ArbiterFailedException e =
                    assertThrows(ArbiterFailedException.class, () -> impatient.insert("a", new Entry("a", "1")));
            assertTrue(e.getMessage().contains("waited that long for a lock"), e::getMessage);
            statement.execute("ROLLBACK");
        }
        assertEquals(0, rows("a"));
    }

    /** Without a log ahead of the file, a commit waits for readers. */
    @Test
    void aReaderIsWaitedForAsLongAsAStatementMayTakeAndNotAsTheConnectionWasSet() throws Exception {
        DataSource direct = dataSource;
        SQLiteDataSource hasty = Sqlite.at(folder.resolve("records.db"));
        hasty.setBusyTimeout(50);
        hasty.setJournalMode("DELETE");
        dataSource = hasty;
        Arbiter<String, Entry> arbiter = another();
        dataSource = direct;
        try (Connection reader = direct.getConnection();
                Statement statement = reader.createStatement()) {
            statement.execute("BEGIN");
            statement.executeQuery("SELECT count(*) FROM " + table).close();
            CompletableFuture<Void> ended = CompletableFuture.runAsync(
                    () -> {
                        try {
                            statement.execute("COMMIT");
                        } catch (SQLException e) {
                            throw new IllegalStateException(e);
                        }
                    },
                    CompletableFuture.delayedExecutor(1, SECONDS));
            Entry mine = new Entry("a", "1");
            assertEquals(Ruling.created(mine), arbiter.insert("a", mine));
            ended.get(30, SECONDS);
        }
    }

    /** The driver sends a date's milliseconds, and no more. */
    @Test
    void aTimestampThatIsFinerThanMillisecondsIsRefused() {
        Arbiter<Timestamp, Timestamp> times = JdbcArbiter.<Timestamp, Timestamp>on(dataSource)
                .table(table)
                .key("key", time -> time)
                .columns((row, key, candidate) -> row.set("value", "any"))
                .mapper(row -> new Timestamp(row.getLong("key")))
                .build();
        Timestamp fine = Timestamp.valueOf("2026-01-02 03:04:05.123456");
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> times.find(fine));
        assertTrue(refused.getMessage().contains("3 digits of a second"), refused::getMessage);
        Timestamp coarse = Timestamp.valueOf("2026-01-02 03:04:05.123");
        assertEquals(Ruling.created(coarse), times.insert(coarse, coarse));
        assertEquals(Optional.of(coarse), times.find(coarse));
    }
}
