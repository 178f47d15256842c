package dev.getorcreate.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.Arbiter;
import dev.getorcreate.ArbiterFailedException;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Ruling;
import dev.getorcreate.Source;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** The contract, and what else holds on every database; by {@link JdbcArbiter}. */
abstract class JdbcArbiterContract extends JdbcArbiterKeysContract {

    abstract DataSource dataSource() throws Exception;

    /** What makes a column of the table unique. */
    String unique(String column) {
        return "ALTER TABLE " + table + " ADD CONSTRAINT uq_" + table + '_' + column + " UNIQUE (" + quoted(column)
                + ')';
    }

    /** What this database calls that in an error. */
    String reported(String column) {
        return "uq_" + table + '_' + column;
    }

    @Override
    protected final Arbiter<String, Entry> freshArbiter() throws Exception {
        dataSource = dataSource();
        table = "records_" + UUID.randomUUID().toString().replace("-", "");
        // The other constraint is made first: PostgreSQL reports the older one when both are violated.
        Sql.run(
                dataSource,
                "CREATE TABLE " + table + '(' + text("value") + ", " + text("key") + ", seen INT DEFAULT 7 NOT NULL)",
                unique("value"),
                unique("key"));
        return another();
    }

    @Override
    protected Arbiter<String, Entry> another() {
        return builder().build();
    }

    @Override
    final JdbcArbiterBuilder<String, Entry> builder() {
        return JdbcArbiter.<String, Entry>on(dataSource)
                .table(table)
                .key("\"key\"", key -> key)
                .columns((row, key, entry) -> row.set("\"value\"", entry.value()))
                .mapper(row -> new Entry(row.getString("key"), row.getString("value")))
                .keyOf(Entry::key);
    }

    @Override
    protected final int rows(String key) throws Exception {
        return Integer.parseInt(
                Sql.ask(dataSource, "SELECT count(*) FROM " + table + " WHERE " + quoted("key") + " = ?", key));
    }

    @Override
    protected final void delete(String key) throws Exception {
        Sql.run(dataSource, "DELETE FROM " + table + " WHERE " + quoted("key") + " = '" + key + "'");
    }

    @Test
    void theRecordIsWhatTheDatabaseMadeOfTheRow() {
        Arbiter<String, Integer> defaults = JdbcArbiter.<String, Integer>on(dataSource)
                .table(table)
                .key("\"key\"", key -> key)
                .columns((row, key, ignored) -> row.set("\"value\"", key))
                .mapper(row -> row.getInt("seen"))
                .build();
        assertEquals(Ruling.created(7), defaults.insert("a", -1));
        assertEquals(Optional.of(7), defaults.find("a"));
    }

    @Test
    void anotherConstraintsViolationIsNamedAndInsertsNothingMore() {
        another().insert("a", new Entry("a", "taken"));
        ArbiterFailedException e =
                assertThrows(ArbiterFailedException.class, () -> another().insert("b", new Entry("b", "taken")));
        String message = e.getMessage().toLowerCase(Locale.ROOT);
        assertTrue(message.contains("violates the constraint " + reported("value")), message);
        assertTrue(message.contains("nobody got there first"), message);
        assertTrue(UniqueViolation.find(e).orElseThrow().isOf(reported("value")), message);
    }

    @Test
    void aRivalThatSharesMoreThanTheKeyIsAdoptedWhicheverConstraintIsReported() {
        Entry winner = new Entry("a", "made from the key");
        another().insert("a", winner);
        assertEquals(Ruling.adopted(winner), another().insert("a", winner));
    }

    String tooLong() {
        return "longer than the 100 characters of its column";
    }

    /** Databases cut blanks off, and would commit it as another key. */
    @Test
    void aKeyThatIsTooLongIsAnErrorThatSaysSoAlsoWhereTheExcessIsBlanks() throws Exception {
        String longest = "k".repeat(100);
        for (String key : new String[] {longest + "  ", longest + 'k'}) {
            Entry mine = new Entry(key, "1");
            for (Runnable insert : new Runnable[] {
                () -> another().insert(key, mine), () -> another().insertAll(Map.of(key, mine))
            }) {
                RuntimeException e = assertThrows(RuntimeException.class, insert::run);
                assertEquals("0", Sql.ask(dataSource, "SELECT count(*) FROM " + table), e::getMessage);
                assertTrue(e.getMessage().contains(tooLong()), e::getMessage);
            }
        }
        assertEquals(Optional.empty(), another().find(longest));
    }

    @Test
    void theErrorsOwnWordsHoldNoValues() {
        another().insert("a", new Entry("a", "secret"));
        for (Entry bad : new Entry[] {new Entry("b", "secret"), new Entry("b", "secret".repeat(30))}) {
            ArbiterFailedException e =
                    assertThrows(ArbiterFailedException.class, () -> another().insert("b", bad));
            assertTrue(!e.getMessage().contains("secret"), e::getMessage);
        }
    }

    @Test
    void aColumnThatDoesNotExistIsNamedWithThoseThatDo() {
        Arbiter<String, Entry> wrong = builder()
                .columns((row, key, entry) -> row.set("valeu", entry.value()))
                .build();
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> wrong.insert("a", new Entry("a", "1")));
        assertTrue(e.getMessage().toLowerCase(Locale.ROOT).contains("no column valeu"), e::getMessage);
        assertTrue(e.getMessage().contains("value, key"), e::getMessage);
    }

    @Test
    void aMissingValueOfAColumnIsAnErrorThatSaysWhatToDo() {
        Arbiter<String, Entry> lacking =
                builder().columns((row, key, entry) -> {}).build();
        ArbiterFailedException e =
                assertThrows(ArbiterFailedException.class, () -> lacking.insert("a", new Entry("a", "1")));
        assertTrue(e.getMessage().contains("columns(...)"), e::getMessage);
    }

    @Test
    void nullInAKeyColumnIsRefusedBeforeTheDatabaseIsAsked() {
        Arbiter<String, Entry> nulls = JdbcArbiter.<String, Entry>on(dataSource)
                .table(table)
                .key("\"key\"", key -> null)
                .mapper(row -> new Entry("", ""))
                .build();
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> nulls.find("a"));
        assertTrue(e.getMessage().contains("null for the key column key"), e::getMessage);
        assertThrows(IllegalArgumentException.class, () -> nulls.insert("a", new Entry("a", "1")));
    }

    @Test
    void aMapperThatThrowsOrGivesNullIsNamed() {
        Arbiter<String, Entry> throwing = builder()
                .mapper(row -> new Entry(row.getString("no such column"), ""))
                .build();
        ArbiterFailedException e =
                assertThrows(ArbiterFailedException.class, () -> throwing.insert("a", new Entry("a", "1")));
        assertTrue(e.getMessage().contains("row mapper threw on a committed row"), e::getMessage);
        Arbiter<String, Entry> telling = builder()
                .mapper(row -> {
                    throw new SQLException("Bad value for type int : secret", "22003");
                })
                .build();
        e = assertThrows(ArbiterFailedException.class, () -> telling.find("a"));
        assertTrue(e.getMessage().endsWith("java.sql.SQLException (SQLState 22003)"), e::getMessage);
        Arbiter<String, Entry> giving = builder().mapper(row -> null).build();
        e = assertThrows(ArbiterFailedException.class, () -> giving.find("a"));
        assertTrue(e.getMessage().contains("row mapper gave null"), e::getMessage);
    }

    @Test
    void aRecordOfAnotherKeyIsNeverTheAnswer() {
        another().insert("a", new Entry("a", "1"));
        Arbiter<String, Entry> confused =
                builder().mapper(row -> new Entry("b", row.getString("value"))).build();
        ArbiterFailedException e = assertThrows(ArbiterFailedException.class, () -> confused.find("a"));
        assertTrue(e.getMessage().contains("another key's"), e::getMessage);
    }

    @Test
    void aColumnThatFoldsKeysIsReportedAndCanonicalKeyMakesThemOne() throws Exception {
        String folding = table + "_f";
        Sql.run(
                dataSource,
                "CREATE TABLE " + folding + '(' + foldingText("key") + ", PRIMARY KEY (" + quoted("key") + "))");
        try (CapturedLog log = new CapturedLog()) {
            JdbcArbiterBuilder<String, String> builder = JdbcArbiter.<String, String>on(dataSource)
                    .table(folding)
                    .key("\"key\"", key -> key)
                    .mapper(row -> row.getString("key"));
            Arbiter<String, String> apart = builder.build();
            assertTrue(log.text().contains("key column key of table " + folding + " has "), log::text);
            assertTrue(log.text().contains("canonicalKey"), log::text);
            assertEquals(Ruling.created("Ada"), apart.insert("Ada", ""));
            for (Runnable wrong : new Runnable[] {() -> apart.find("ADA"), () -> apart.insert("ADA", "")}) {
                ArbiterFailedException e = assertThrows(ArbiterFailedException.class, wrong::run);
                assertTrue(
                        e.getMessage().contains("another key's")
                                && e.getMessage().contains("canonicalKey"),
                        e::getMessage);
            }
            log.clear();
            UnaryOperator<String> lower = key -> key.toLowerCase(Locale.ROOT);
            Arbiter<String, String> one = builder.canonicalKey(lower).build();
            assertEquals("", log.text());
            assertEquals(Optional.of("Ada"), one.find("ADA"));
            assertEquals(Map.of("aDA", "Ada"), one.findAll(List.of("aDA", "Eve")));
            assertEquals(Ruling.adopted("Ada"), one.insert("aDA", ""));
            Arbiter<String, String> checked = builder.keyOf(record -> record).build();
            assertEquals(Ruling.adopted("Ada"), checked.insert("aDA", ""));
            try (GetOrCreateCache<String, String> cache = GetOrCreateCache.<String, String>builder("people")
                    .canonicalKey(lower)
                    .arbiter(one)
                    .build()) {
                assertEquals("Ada", cache.getOrCreate("ADA", key -> "never"));
                assertEquals(Source.CREATED, cache.obtain("EVE", key -> "").source());
                assertEquals(Optional.of("eve"), cache.find("Eve"));
            }
        } finally {
            Sql.run(dataSource, "DROP TABLE " + folding);
        }
    }

    /** A query for all that a session may have set, a row each. */
    abstract String sessionSettings();

    @Test
    void noSettingOfASessionStaysInThePool() throws Exception {
        DataSource direct = dataSource;
        try (Pool pool = new Pool(direct)) {
            SessionState.setNetworkTimeout(pool.only);
            List<String> before = SessionState.of(pool.only, sessionSettings());
            assertTrue(before.size() > 8, before::toString);
            dataSource = pool.dataSource();
            Arbiter<String, Entry> arbiter = another();
            Entry mine = new Entry("a", "1");
            assertEquals(Ruling.created(mine), arbiter.insert("a", mine));
            assertEquals(Ruling.adopted(mine), arbiter.insert("a", new Entry("a", "2")));
            assertThrows(ArbiterFailedException.class, () -> arbiter.insert("b", mine));
            assertThrows(ArbiterFailedException.class, () -> arbiter.insert("c", new Entry("c", "3".repeat(101))));
            assertEquals(Optional.of(mine), arbiter.find("a"));
            assertEquals(before, SessionState.of(pool.only, sessionSettings()));
            dataSource = direct;
            assertEquals(Optional.of(mine), another().find("a"), "it was committed");
        } finally {
            dataSource = direct;
        }
    }

    @Test
    void anInsertInTheCallersTransactionIsNotPartOfIt() throws Exception {
        try (var connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            Entry mine = new Entry("a", "1");
            another().insert("a", mine);
            connection.rollback();
            assertEquals(Optional.of(mine), another().find("a"));
        }
    }
}
