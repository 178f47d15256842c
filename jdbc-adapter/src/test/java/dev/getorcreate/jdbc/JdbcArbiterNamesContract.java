package dev.getorcreate.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.Arbiter;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Outcome;
import dev.getorcreate.Ruling;
import dev.getorcreate.Source;
import dev.getorcreate.testkit.ArbiterContract;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What a table may look like, on every database; and what it costs. */
abstract class JdbcArbiterNamesContract extends ArbiterContract {

    /** A key of two columns. */
    private record Seat(String row, int number) {}

    /** With a value that the database generates, and one that is its default. */
    private record Numbered(String key, long id, int seen) {}

    /** Blanks, and every kind of quote. */
    private static final String ODD = "it's \"odd\" `too`";

    DataSource dataSource;
    String table;

    /** A name, as this database wants it quoted. */
    String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** A name, quoted for the builder. */
    static String forBuilder(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** A column of at most a hundred characters that compares exactly. */
    String text(String column) {
        return quoted(column) + " VARCHAR(100) NOT NULL";
    }

    /** A column {@code id} that the database counts up, with its key. */
    String generatedId() {
        return "id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY";
    }

    /** A schema that is not where names are looked for. */
    String createSchema() throws SQLException {
        String schema = "App " + UUID.randomUUID();
        Sql.run(dataSource, "CREATE SCHEMA " + quoted(schema));
        return schema;
    }

    void dropSchema(String schema) throws SQLException {
        Sql.run(dataSource, "DROP SCHEMA " + quoted(schema) + " CASCADE");
    }

    /** MySQL and SQLite have to read a new row back. */
    int statementsOfAnInsert() {
        return 1;
    }

    abstract JdbcArbiterBuilder<String, Entry> builder();

    @Test
    void namesMayBeQualifiedQuotedAndReservedAndAKeyMayHaveSeveralColumns() throws Exception {
        String schema = createSchema();
        try {
            Sql.run(
                    dataSource,
                    "CREATE TABLE " + quoted(schema) + '.' + quoted("order") + '(' + text("group") + ", "
                            + quoted("Number") + " INT NOT NULL, " + quoted(ODD) + " VARCHAR(20), PRIMARY KEY ("
                            + quoted("Number") + ", " + quoted("group") + "))");
            JdbcArbiterBuilder<Seat, String> builder = JdbcArbiter.<Seat, String>on(dataSource)
                    .table(forBuilder(schema) + ".\"order\"")
                    .key("\"group\"", Seat::row)
                    .key("\"Number\"", Seat::number)
                    .columns((row, seat, guest) -> row.set(forBuilder(ODD), guest))
                    .mapper(row -> row.getString(ODD));
            Arbiter<Seat, String> seats = builder.build();
            assertEquals(Ruling.created("Ada"), seats.insert(new Seat("a", 1), "Ada"));
            assertEquals(Ruling.created("Bob"), seats.insert(new Seat("a", 2), "Bob"));
            assertEquals(Ruling.adopted("Ada"), seats.insert(new Seat("a", 1), "Eve"));
            assertEquals(Optional.empty(), seats.find(new Seat("b", 1)));
            UniqueViolation violation = violation("INSERT INTO " + quoted(schema) + '.' + quoted("order") + '('
                    + quoted("group") + ", " + quoted("Number") + ") VALUES ('a', 1)");
            assertTrue(KeyedTable.open(builder.settings()).isKeyConflict(violation), violation::toString);
            Sql.run(dataSource, "DROP TABLE " + quoted(schema) + '.' + quoted("order"));
        } finally {
            dropSchema(schema);
        }
    }

    private UniqueViolation violation(String insert) {
        SQLException thrown = assertThrows(SQLException.class, () -> Sql.run(dataSource, insert));
        return UniqueViolation.find(thrown).orElseThrow(() -> new AssertionError("not recognised", thrown));
    }

    /** Where the winner is gone when it is read back, what the error says alone decides. */
    @Test
    void theErrorAloneTellsTheKeysConstraintFromAnother() throws Exception {
        String insert = "INSERT INTO " + table + '(' + quoted("key") + ", " + quoted("value") + ") VALUES ";
        Sql.run(dataSource, insert + "('a', '1')");
        KeyedTable<String, Entry> opened = KeyedTable.open(builder().settings());
        UniqueViolation ofKey = violation(insert + "('a', '2')");
        assertTrue(opened.isKeyConflict(ofKey), ofKey::toString);
        UniqueViolation ofValue = violation(insert + "('b', '1')");
        assertFalse(opened.isKeyConflict(ofValue), ofValue::toString);
    }

    @Test
    void plainNamesOfColumnsAreFoldedAsTheDatabaseFoldsThem() {
        Arbiter<String, Integer> seen = JdbcArbiter.<String, Integer>on(dataSource)
                .table(table)
                .key("\"key\"", key -> key)
                .columns((row, key, count) -> row.set("\"value\"", key).set("Seen", count))
                .mapper(row -> row.getInt("seen"))
                .build();
        assertEquals(Ruling.created(9), seen.insert("a", 9));
    }

    @Test
    void generatedAndDefaultValuesAreGivenBackAndAFoundRowBurnsNone() throws Exception {
        String numbered = table + "_n";
        Sql.run(
                dataSource,
                "CREATE TABLE " + numbered + '(' + generatedId() + ", " + text("key") + ", seen INT DEFAULT 7 NOT NULL,"
                        + " CONSTRAINT uq_" + numbered + " UNIQUE (" + quoted("key") + "))");
        try (GetOrCreateCache<String, Numbered> cache = GetOrCreateCache.<String, Numbered>builder("numbered")
                .arbiter(JdbcArbiter.<String, Numbered>on(dataSource)
                        .table(numbered)
                        .key("\"key\"", key -> key)
                        .mapper(row -> new Numbered(row.getString("key"), row.getLong("id"), row.getInt("seen")))
                        .build())
                .build()) {
            Numbered first = new Numbered("a", 1, 7);
            assertEquals(first, cache.getOrCreate("a", key -> new Numbered(key, -1, -1)));
            // No tier keeps it: each of these is what an expired entry leads to.
            for (int i = 0; i < 100; i++) {
                assertEquals(
                        Source.FOUND,
                        cache.obtain("a", key -> new Numbered(key, -1, -1)).source());
            }
            assertEquals(new Numbered("b", 2, 7), cache.getOrCreate("b", key -> new Numbered(key, -1, -1)));
        } finally {
            Sql.run(dataSource, "DROP TABLE " + numbered);
        }
    }

    @Test
    void onesOwnStatementsAreUsedOnATableThatIsCheckedAllTheSame() throws Exception {
        String find = "SELECT t.*, UPPER(" + quoted("value") + ") AS shouted FROM " + table + " t WHERE "
                + quoted("key") + " = ?";
        String insert =
                "INSERT INTO " + table + '(' + quoted("key") + ", " + quoted("value") + ") VALUES (?, LOWER(?))";
        JdbcArbiterBuilder<String, Entry> own = JdbcArbiter.<String, Entry>on(dataSource)
                .table(table)
                .key("\"key\"", key -> key)
                .columns((row, key, entry) -> row.set("\"value\"", entry.value()))
                .mapper(row -> new Entry(row.getString("key"), row.getString("shouted")))
                .sql(find, insert);
        Arbiter<String, Entry> arbiter = own.build();
        assertEquals(Optional.empty(), arbiter.find("a"));
        assertEquals(Ruling.created(new Entry("a", "ONE")), arbiter.insert("a", new Entry("a", "One")));
        assertEquals(Ruling.adopted(new Entry("a", "ONE")), arbiter.insert("a", new Entry("a", "Two")));
        assertEquals(Map.of("a", new Entry("a", "ONE")), arbiter.findAll(List.of("a", "b")));
        assertEquals("one", builder().build().find("a").orElseThrow().value());
        Map<String, Entry> two = Map.of("a", new Entry("a", "x"), "b", new Entry("b", "y"));
        assertEquals(Ruling.created(new Entry("b", "Y")), arbiter.insertAll(two).get("b"));
        assertThrows(IllegalStateException.class, () -> own.key("\"value\"", key -> key)
                .build());
    }

    @Test
    void manyKeysTakeOneStatementToFindAndTwoToInsert() {
        Counted counted = new Counted(dataSource);
        DataSource direct = dataSource;
        dataSource = counted.dataSource();
        try {
            Arbiter<String, Entry> arbiter = builder().build();
            counted.reset();
            arbiter.insertAll(Map.of("a", new Entry("a", "1"), "b", new Entry("b", "2"), "c", new Entry("c", "3")));
            assertEquals(2, counted.statements(), "inserted");
            counted.reset();
            assertEquals(3, arbiter.findAll(List.of("a", "b", "c", "d")).size());
            assertEquals(1, counted.statements(), "found");
        } finally {
            dataSource = direct;
        }
    }

    @Test
    void aFoundRowTakesOneStatementACreationTwoAndAConflictAtMostFour() {
        Counted counted = new Counted(dataSource);
        DataSource direct = dataSource;
        dataSource = counted.dataSource();
        try (GetOrCreateCache<String, Entry> cache = GetOrCreateCache.<String, Entry>builder("counted")
                .arbiter(builder().build())
                .build()) {
            counted.reset();
            cache.obtain("a", key -> new Entry(key, "1"));
            assertEquals(1 + statementsOfAnInsert(), counted.statements(), "creation");
            counted.reset();
            cache.obtain("a", key -> new Entry(key, "2"));
            assertEquals(1, counted.statements(), "found row");
            counted.reset();
            Entry theirs = new Entry("b", "theirs");
            Outcome<Entry> adopted = cache.obtain("b", key -> {
                Sql.run(
                        direct,
                        "INSERT INTO " + table + '(' + quoted("key") + ", " + quoted("value")
                                + ") VALUES ('b', 'theirs')");
                return new Entry(key, "mine");
            });
            assertEquals(new Outcome<>(theirs, Source.ADOPTED), adopted);
            assertTrue(counted.statements() <= 4, "conflict: " + counted.statements());
        } finally {
            dataSource = direct;
        }
    }
}
