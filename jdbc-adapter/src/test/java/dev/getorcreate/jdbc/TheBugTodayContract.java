package dev.getorcreate.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.Ruling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Does what {@code docs/the-bug-today.md} says, with the SQL that stands there. */
abstract class TheBugTodayContract {

    private static final Pattern BLOCK = Pattern.compile("```sql (\\w+) (\\w+)\n(.*?)```", Pattern.DOTALL);

    private record Block(String database, String step, List<String> statements) {}

    private final String schema = "bug_" + UUID.randomUUID().toString().replace("-", "");
    private List<Block> page;
    private final List<String> done = new ArrayList<>();

    /** As the page calls it. */
    abstract String database();

    abstract DataSource everywhere();

    /** Where names without a schema are looked for in this one. */
    abstract DataSource in(String schema) throws Exception;

    /** Drops the schema and all that is in it. */
    abstract String dropSchema(String schema);

    @BeforeEach
    void readThePage() throws Exception {
        page = blocks();
        Sql.run(everywhere(), "CREATE SCHEMA " + schema);
    }

    @AfterEach
    void drop() throws Exception {
        Sql.run(everywhere(), dropSchema(schema));
    }

    private static List<Block> blocks() throws IOException {
        Matcher matcher = BLOCK.matcher(Files.readString(Path.of("..", "docs", "the-bug-today.md")));
        List<Block> blocks = new ArrayList<>();
        while (matcher.find()) {
            List<String> statements = List.of(matcher.group(3).strip().split(";\\s*", 0));
            blocks.add(new Block(matcher.group(1), matcher.group(2), statements));
        }
        return blocks;
    }

    /** All statements of a step, in one session. */
    private String[] step(String name) {
        done.add(name);
        return page.stream()
                .filter(block -> block.step.equals(name))
                .filter(block -> block.database.equals(database()) || block.database.equals("both"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no step " + name + " for " + database()))
                .statements
                .toArray(String[]::new);
    }

    @Test
    void itsSqlFindsTheDoublesMergesThemAndKeepsNewOnesOut() throws Exception {
        DataSource app = in(schema);
        Sql.run(app, step("tables"));
        Sql.run(
                app,
                "INSERT INTO users(email, name) VALUES ('a', 'A1'), ('b', 'B1'), ('a', 'A2'), ('c', 'C1'), ('a', 'A3')");
        Sql.run(
                app,
                "INSERT INTO orders(user_id) SELECT id FROM users WHERE name IN ('A1', 'A2', 'A3', 'C1') ORDER BY id");
        Sql.run(app, "INSERT INTO users(name) VALUES ('N1'), ('N2'), ('N3'), ('N4')");
        String see = step("see")[0];
        assertEquals("a", Sql.ask(app, see), "rows without a key stand in no way of the index");
        assertEquals("4", Sql.ask(app, step("nulls")[0]));
        Sql.run(app, "DELETE FROM users WHERE email IS NULL");

        assertThrows(SQLException.class, () -> Sql.run(app, step("constrain")[0]), "duplicates stand in its way");
        if (database().equals("postgresql")) {
            assertTrue(refusal(app).contains("INVALID"), () -> refusal(app));
            Sql.run(app, step("failed"));
        }
        String refusal = refusal(app);
        assertTrue(refusal.contains("2 duplicate rows of 1 key stand in its way"), refusal);

        Sql.run(app, step("clean"));
        assertEquals("0", Sql.ask(app, "SELECT count(*) FROM (" + see.replaceFirst(" ORDER BY.*", "") + ") AS d"));
        assertEquals("3", Sql.ask(app, "SELECT count(*) FROM users"));
        assertEquals("2", Sql.ask(app, "SELECT count(*) FROM users_doubles"));
        assertEquals(
                "3",
                Sql.ask(app, "SELECT count(*) FROM orders o JOIN users u ON u.id = o.user_id WHERE u.name = 'A1'"));

        Sql.run(app, "INSERT INTO users(email, name) VALUES ('c', 'C2')");
        Sql.run(app, step("again"));
        Sql.run(app, step("clean"));
        assertEquals("3", Sql.ask(app, "SELECT count(*) FROM users"));
        assertEquals("1", Sql.ask(app, "SELECT count(*) FROM users_doubles"));

        Sql.run(app, step("constrain"));
        assertTrue(refusal(app).contains("lets its key be null"), () -> refusal(app));
        Sql.run(app, step("notnull"));
        JdbcArbiter<String, String> arbiter = build(app);
        assertEquals(Ruling.adopted("A1"), arbiter.insert("a", "A4"));
        assertEquals(Ruling.created("D1"), arbiter.insert("d", "D1"));
        for (Block block : page) {
            if (block.database.equals(database()) || block.database.equals("both")) {
                assertTrue(done.contains(block.step), "nothing ran the step " + block.step);
            }
        }
        assertFalse(page.isEmpty());
    }

    private static String refusal(DataSource dataSource) {
        return assertThrows(IllegalStateException.class, () -> build(dataSource))
                .getMessage();
    }

    private static JdbcArbiter<String, String> build(DataSource dataSource) {
        return JdbcArbiter.<String, String>on(dataSource)
                .table("users")
                .key("email", email -> email)
                .columns((row, email, name) -> row.set("name", name))
                .mapper(row -> row.getString("name"))
                .build();
    }
}
