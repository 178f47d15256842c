package dev.getorcreate.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.ArbiterFailedException;
import dev.getorcreate.Ruling;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

class SqliteStartupCheckTest {

    @TempDir
    Path folder;

    private SQLiteDataSource dataSource;

    @BeforeEach
    void open() {
        dataSource = Sqlite.at(folder.resolve("records.db"));
    }

    private JdbcArbiter<String, String> build() {
        return JdbcArbiter.<String, String>on(dataSource)
                .table("Records")
                .key("Key", key -> key)
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
        run("CREATE TABLE records(key TEXT)", "INSERT INTO records VALUES ('a'), ('a'), ('a'), ('b'), ('b'), ('c')");
        String refusal = refusal();
        assertTrue(refusal.contains("3 duplicate rows of 2 keys stand in its way"), refusal);
        assertEquals(
                "a",
                Sql.ask(dataSource, StartupCheckTest.lines(refusal, "SELECT").get(0)));
        run("DELETE FROM records");
        run(StartupCheckTest.lines(refusal, "ALTER TABLE").get(0));
        run(StartupCheckTest.lines(refusal, "CREATE UNIQUE INDEX").get(0));
        JdbcArbiter<String, String> arbiter = build();
        assertEquals("CREATED", arbiter.insert("a", "").verdict().name());
        assertEquals("ADOPTED", arbiter.insert("a", "").verdict().name());
    }

    @Test
    void aPrimaryKeyMayBeNullInSqliteAndIsRefusedUntilItMayNot() throws Exception {
        run(
                "CREATE TABLE records(key TEXT PRIMARY KEY)",
                "INSERT INTO records VALUES (NULL), (NULL)",
                "DELETE FROM records");
        String refusal = refusal();
        assertTrue(refusal.contains("lets its key be null"), refusal);
        run(StartupCheckTest.lines(refusal, "ALTER TABLE").get(0));
        build();
        assertThrows(SQLException.class, () -> run("INSERT INTO records VALUES (NULL)"));
    }

    @Test
    void theRowsOwnNumberAndAPrimaryKeyWithoutItDoCount() throws Exception {
        run("CREATE TABLE records(x INT, key INTEGER PRIMARY KEY)");
        build();
        run("DROP TABLE records", "CREATE TABLE records(x INT, key TEXT PRIMARY KEY) WITHOUT ROWID");
        build();
    }

    @Test
    void whatIsUniqueInSomeOtherWayDoesNotCountAndIsNamed() throws Exception {
        run("CREATE TABLE records(key TEXT NOT NULL, x INT)");
        nearMiss("CREATE UNIQUE INDEX ux ON records(key) WHERE x > 0", "(ux does not count: it is partial");
        nearMiss("CREATE UNIQUE INDEX ux ON records(lower(key))", "has no unique constraint");
        nearMiss("CREATE UNIQUE INDEX ux ON records(key, lower(key))", "(ux does not count: it is on an expression");
        nearMiss("CREATE UNIQUE INDEX ux ON records(key, x)", "(ux does not count: it is on other columns: key, x");
        nearMiss("CREATE INDEX ux ON records(key)", "has no unique constraint");
    }

    private void nearMiss(String made, String why) throws SQLException {
        run(made);
        String refusal = refusal();
        assertTrue(refusal.contains(why), refusal);
        run("DROP INDEX ux");
    }

    @Test
    void aPartialIndexThatIsNamedDecidesAmongTheRowsThatCount() throws Exception {
        run(
                "CREATE TABLE records(key TEXT NOT NULL, deleted INT)",
                "CREATE UNIQUE INDEX ux ON records(key) WHERE deleted IS NULL",
                "INSERT INTO records VALUES ('a', 1), ('a', 2)");
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

    /** It stands in the catalogue as it was typed. */
    @Test
    void theConditionIsTheIndexsOwnHoweverItWasTyped() throws Exception {
        String index = "\"ux) WHERE\" ON records(key /* ) WHERE 1 */) -- )\n where--\n records.deleted IS NULL"
                + " AND \"kind of\" <> ') WHERE -- ?' -- what counts";
        run("CREATE TABLE records(key TEXT NOT NULL, deleted INT, \"kind of\" TEXT DEFAULT 'any')");
        run("CREATE UNIQUE INDEX " + index, "INSERT INTO records VALUES ('a', 1, ''), ('b', NULL, ') WHERE -- ?')");
        JdbcArbiter<String, String> arbiter = JdbcArbiter.<String, String>on(dataSource)
                .table("main.records")
                .key("key", key -> key)
                .partialIndex("\"ux) WHERE\"")
                .mapper(row -> row.getString("key"))
                .build();
        assertEquals(Map.of(), arbiter.findAll(List.of("a", "b")));
        assertEquals(Ruling.created("a"), arbiter.insert("a", ""));
        assertEquals(
                Map.of("a", Ruling.adopted("a"), "b", Ruling.created("b")),
                arbiter.insertAll(Map.of("a", "", "b", "")));
        assertEquals(Optional.of("b"), arbiter.find("b"));
    }

    /** It would be inserted again and again. */
    @Test
    void aRowThatDoesNotCountThoughItIsNewIsAnErrorThatNamesTheIndex() throws Exception {
        run(
                "CREATE TABLE records(key TEXT NOT NULL, deleted INT DEFAULT 1)",
                "CREATE UNIQUE INDEX ux ON records(key) WHERE deleted IS NULL");
        JdbcArbiterBuilder<String, String> builder = JdbcArbiter.<String, String>on(dataSource)
                .table("records")
                .key("key", key -> key)
                .partialIndex("ux")
                .mapper(row -> row.getString("key"));
        String insert = "INSERT INTO records(key) VALUES (?) RETURNING *";
        for (JdbcArbiter<String, String> arbiter : List.of(
                builder.build(),
                builder.sql("SELECT * FROM records WHERE key = ? AND deleted IS NULL", insert)
                        .build())) {
            ArbiterFailedException e = assertThrows(ArbiterFailedException.class, () -> arbiter.insert("a", ""));
            assertTrue(
                    e.getMessage().contains("the condition of the partial index ux: set the columns"), e::getMessage);
        }
    }

    @Test
    void whatIsNoTableOrNotThereIsNamed() throws Exception {
        assertTrue(refusal().contains("there is no table \"Records\""), this::refusal);
        run("CREATE TABLE t(key INTEGER PRIMARY KEY)", "CREATE VIEW records AS SELECT * FROM t");
        assertTrue(refusal().contains("Records is a view"), this::refusal);
        run("DROP VIEW records", "CREATE VIRTUAL TABLE records USING fts5(key)");
        assertTrue(refusal().contains("Records is a virtual table"), this::refusal);
        run("DROP TABLE records", "CREATE TABLE records(id INT, name INT)");
        assertTrue(refusal().contains("has no key column Key; it has id, name"), this::refusal);
    }

    @Test
    void aDatabaseThatIsOpenedReadOnlyIsRefused() throws Exception {
        run("CREATE TABLE records(key TEXT NOT NULL PRIMARY KEY)");
        dataSource.setReadOnly(true);
        assertTrue(refusal().contains("read-only"), this::refusal);
    }
}
