package dev.getorcreate.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.Arbiter;
import dev.getorcreate.ArbiterFailedException;
import dev.getorcreate.Ruling;
import java.util.Locale;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class JdbcArbiterTest extends JdbcArbiterContract {

    @Override
    DataSource dataSource() {
        return H2.fresh();
    }

    @Override
    String foldingText(String column) {
        return quoted(column) + " VARCHAR_IGNORECASE(100) NOT NULL";
    }

    @Override
    String sessionSettings() {
        return "SELECT SETTING_NAME || '=' || SETTING_VALUE FROM INFORMATION_SCHEMA.SETTINGS ORDER BY 1";
    }

    @Test
    void bytesThatTheirColumnWouldFillUpAreRefused() throws Exception {
        finerKeysAreRefused(
                new Rounding("BINARY(3)", new byte[] {1, 2, 0}, new byte[] {1, 2}), "is not of the 3 bytes");
        finerKeysAreRefused(new Rounding("BINARY(3)", new byte[] {1, 2, 3}, "ab"), "is not of the 3 bytes");
        finerKeysAreRefused(new Rounding("VARBINARY(3)", new byte[] {1, 2}, "abcd"), "is longer than");
    }

    @Test
    void namesAreFoldedAsTheDatabaseFoldsThem() throws Exception {
        for (String mode : new String[] {"", ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE"}) {
            DataSource dataSource = H2.fresh(mode);
            Sql.run(dataSource, "CREATE TABLE records(id BIGINT PRIMARY KEY, name VARCHAR(9))");
            Arbiter<Long, String> records = JdbcArbiter.<Long, String>on(dataSource)
                    .table("Records")
                    .key("Id", id -> id)
                    .columns((row, id, name) -> row.set("NAME", name))
                    .mapper(row -> row.getString("name"))
                    .build();
            assertEquals(Ruling.created("x"), records.insert(1L, "x"));
            assertEquals(Ruling.adopted("x"), records.insert(1L, "y"));
        }
    }

    @Test
    void keysThatTheCollationThinksEqualAreAnErrorAndNotSomebodyElsesRecord() throws Exception {
        DataSource dataSource = H2.fresh();
        Sql.run(dataSource, "CREATE TABLE records(name VARCHAR_IGNORECASE(9) PRIMARY KEY)");
        Arbiter<String, String> records = JdbcArbiter.<String, String>on(dataSource)
                .table("records")
                .key("name", name -> name)
                .mapper(row -> "a record")
                .build();
        records.insert("ada", "");
        for (Runnable call : new Runnable[] {() -> records.find("ADA"), () -> records.insert("ADA", "")}) {
            ArbiterFailedException e = assertThrows(ArbiterFailedException.class, call::run);
            assertTrue(e.getMessage().contains("collation"), e::getMessage);
        }
    }

    @Test
    void aSecondRowOfAKeyIsAnErrorAndNeverChosenFrom() throws Exception {
        Arbiter<String, Entry> arbiter = builder().build();
        Sql.run(
                dataSource,
                "ALTER TABLE " + table + " DROP CONSTRAINT uq_" + table + "_key",
                "INSERT INTO " + table + "(\"key\", \"value\") VALUES ('a', '1'), ('a', '2')");
        ArbiterFailedException e = assertThrows(ArbiterFailedException.class, () -> arbiter.find("a"));
        assertTrue(e.getMessage().contains("more than one row of a key"), e::getMessage);
    }

    @Test
    void settingAColumnTwiceOrTheKeysIsRefused() {
        for (RowWriter<String, Entry> writer : java.util.List.<RowWriter<String, Entry>>of(
                (row, key, entry) -> row.set("seen", 1).set("SEEN", 2),
                (row, key, entry) -> row.set("\"key\"", "other"))) {
            Arbiter<String, Entry> arbiter = builder().columns(writer).build();
            assertThrows(IllegalArgumentException.class, () -> arbiter.insert("a", new Entry("a", "1")));
        }
    }

    @Test
    void whatIsMissingInTheSettingsIsNamed() {
        JdbcArbiterBuilder<String, String> builder = JdbcArbiter.on(dataSource);
        assertTrue(assertThrows(IllegalArgumentException.class, builder::build)
                .getMessage()
                .startsWith("table(...)"));
        builder.table(table);
        assertTrue(assertThrows(IllegalArgumentException.class, builder::build)
                .getMessage()
                .startsWith("key(...)"));
        builder.key("\"key\"", key -> key);
        assertTrue(assertThrows(IllegalArgumentException.class, builder::build)
                .getMessage()
                .startsWith("mapper(...)"));
        assertThrows(IllegalArgumentException.class, () -> builder.key("\"key\"", key -> key));
        assertThrows(IllegalArgumentException.class, () -> builder.statementTimeout(java.time.Duration.ofMillis(1)));
    }

    @Test
    void aUuidThatIsWrittenOtherwiseIsRefusedBeforeItBecomesAnothersRow() throws Exception {
        String uuid = "0a1b2c3d-0000-4000-8000-00000000abcd";
        finerKeysAreRefused(new Rounding("UUID", uuid, uuid.toUpperCase(Locale.ROOT)), "is no UUID as");
    }
}
