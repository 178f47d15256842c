package dev.getorcreate.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the real libraries throw on a real database is recognised, and nothing else is. */
@Timeout(120)
abstract class FrameworksContract {

    private DataSource dataSource;

    abstract DataSource dataSource() throws Exception;

    abstract String database();

    /** The table, as errors name it. */
    Optional<String> table() {
        return Optional.of("framework_people");
    }

    /** What errors call the unique constraint of a column. */
    String constraint(String column) {
        return "uq_people_" + column;
    }

    /** A class of its own may hide it with fewer. */
    static Set<Framework> all() {
        return EnumSet.allOf(Framework.class);
    }

    @BeforeEach
    void createTable() throws Exception {
        dataSource = dataSource();
        Sql.run(
                dataSource,
                "DROP TABLE IF EXISTS framework_people",
                "CREATE TABLE framework_people(id BIGINT NOT NULL PRIMARY KEY, email VARCHAR(50) NOT NULL,"
                        + " name VARCHAR(50), CONSTRAINT uq_people_email UNIQUE (email),"
                        + " CONSTRAINT uq_people_name UNIQUE (name), CONSTRAINT ck_name CHECK (name <> 'nobody'))",
                "INSERT INTO framework_people(id, email, name) VALUES (1, 'ada@example.org', 'Ada')");
    }

    @AfterEach
    void dropTable() throws Exception {
        if (dataSource != null) {
            Sql.run(dataSource, "DROP TABLE IF EXISTS framework_people");
        }
    }

    private UniqueViolation violation(Framework framework, String email, String name) {
        RuntimeException thrown = assertThrows(RuntimeException.class, () -> framework.insert(dataSource, email, name));
        return UniqueViolation.find(thrown).orElseThrow(() -> new AssertionError("not recognised", thrown));
    }

    @ParameterizedTest
    @MethodSource("all")
    void theViolatedConstraintIsFoundInWhateverIsThrown(Framework framework) {
        UniqueViolation ofEmail = violation(framework, "ada@example.org", "Eve");
        assertEquals(database(), ofEmail.database());
        assertTrue(ofEmail.isOf(constraint("email")), ofEmail::toString);
        assertFalse(ofEmail.isOf(constraint("name")), ofEmail::toString);
        assertEquals(table(), ofEmail.table().map(name -> name.toLowerCase(Locale.ROOT)));
        UniqueViolation ofName = violation(framework, "eve@example.org", "Ada");
        assertTrue(ofName.isOf(constraint("name")), ofName::toString);
        assertFalse(ofName.isOf(constraint("email")), ofName::toString);
    }

    @ParameterizedTest
    @MethodSource("all")
    void otherViolationsAreNone(Framework framework) {
        for (String[] bad : new String[][] {{null, "Eve"}, {"eve@example.org", "nobody"}}) {
            RuntimeException thrown =
                    assertThrows(RuntimeException.class, () -> framework.insert(dataSource, bad[0], bad[1]));
            assertEquals(Optional.empty(), UniqueViolation.find(thrown), thrown::toString);
        }
    }
}
