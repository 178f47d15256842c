package dev.getorcreate.jdbc;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.Arbiter;
import dev.getorcreate.ArbiterFailedException;
import dev.getorcreate.Ruling;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What becomes of keys that a column cannot keep as they are, on every database. */
abstract class JdbcArbiterKeysContract extends JdbcArbiterNamesContract {

    /** A column that rounds, a value that it keeps as it is, and one that it does not. */
    record Rounding(String type, Object kept, Object finer) {}

    /** Seconds are rounded by the first of these, and numbers by the others. */
    List<Rounding> roundings() {
        return roundings(new Rounding("TIMESTAMP(3)", TIME.plusNanos(1_000_000), TIME.plusNanos(1_100_000)), "REAL");
    }

    static final LocalDateTime TIME = LocalDateTime.of(2026, 1, 2, 3, 4, 5);

    static List<Rounding> roundings(Rounding ofTime, String single) {
        return List.of(
                ofTime,
                new Rounding("DATE", TIME.toLocalDate(), TIME),
                new Rounding("NUMERIC(10, 2)", new BigDecimal("1.230"), new BigDecimal("1.234")),
                new Rounding("NUMERIC(10, 2)", 0.1, 0.125),
                new Rounding("INT", 2L, 1.5),
                new Rounding(single, 0.5, 0.1),
                new Rounding(single, 1 << 24, (1 << 24) + 1),
                new Rounding("DOUBLE PRECISION", 0.1, new BigDecimal("0.10000000000000000001")));
    }

    @Test
    void aKeyThatIsFinerThanItsColumnIsRefusedBeforeItBecomesAnother() {
        assertAll(roundings().stream().map(each -> () -> finerKeysAreRefused(each, "would be rounded")));
    }

    /** As above, of texts that a column makes something else of. */
    List<Rounding> texts() {
        return List.of(
                new Rounding("INT", 7, "007"),
                new Rounding("NUMERIC(10, 2)", new BigDecimal("1.56"), "1.555"),
                new Rounding("DOUBLE PRECISION", 0.5, ".50"));
    }

    @Test
    void aTextForAColumnOfNumbersIsRefusedBeforeItBecomesAnothersNumber() {
        assertAll(texts().stream().map(each -> () -> finerKeysAreRefused(each, "is text")));
    }

    final void finerKeysAreRefused(Rounding each, String words) throws SQLException {
        String rounding = table + "_r";
        Sql.run(dataSource, "CREATE TABLE " + rounding + "(k " + each.type + " NOT NULL PRIMARY KEY)");
        try {
            Arbiter<Object, String> arbiter = JdbcArbiter.<Object, String>on(dataSource)
                    .table(rounding)
                    .key("k", key -> key)
                    .mapper(row -> "a record")
                    .build();
            for (Runnable call : List.<Runnable>of(
                    () -> arbiter.insert(each.finer, ""),
                    () -> arbiter.insertAll(Map.of(each.finer, "")),
                    () -> arbiter.find(each.finer))) {
                IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call::run, each::toString);
                assertTrue(e.getMessage().contains("key column k that " + words), e::getMessage);
            }
            assertEquals("0", Sql.ask(dataSource, "SELECT count(*) FROM " + rounding), each::toString);
            assertEquals(Ruling.created("a record"), arbiter.insert(each.kept, ""), each::toString);
            assertEquals(Ruling.adopted("a record"), arbiter.insert(each.kept, ""), each::toString);
        } finally {
            Sql.run(dataSource, "DROP TABLE " + rounding);
        }
    }

    /** A column that compares without case. */
    abstract String foldingText(String column);

    @Test
    void aCharacterIsTextWhoseCaseCounts() throws Exception {
        String folding = table + "_c";
        Sql.run(
                dataSource,
                "CREATE TABLE " + folding + '(' + foldingText("key") + ", PRIMARY KEY (" + quoted("key") + "))");
        try {
            JdbcArbiterBuilder<Character, String> builder = JdbcArbiter.<Character, String>on(dataSource)
                    .table(folding)
                    .key("\"key\"", letter -> letter)
                    .mapper(row -> row.getString("key"));
            Arbiter<Character, String> apart = builder.build();
            assertEquals(Ruling.created("a"), apart.insert('a', ""));
            assertEquals(Optional.of("a"), apart.find('a'));
            for (Runnable wrong : List.<Runnable>of(() -> apart.find('A'), () -> apart.insert('A', ""))) {
                ArbiterFailedException e = assertThrows(ArbiterFailedException.class, wrong::run);
                assertTrue(e.getMessage().contains("another key's"), e::getMessage);
            }
            Arbiter<Character, String> one =
                    builder.canonicalKey(Character::toUpperCase).build();
            assertEquals(Optional.of("a"), one.find('A'));
            assertEquals(Ruling.adopted("a"), one.insert('a', ""));
            Arbiter<Character, String> asText = JdbcArbiter.<Character, String>on(dataSource)
                    .table(folding)
                    .key("\"key\"", letter -> letter.toString())
                    .canonicalKey(Character::toUpperCase)
                    .mapper(row -> row.getString("key"))
                    .build();
            assertEquals(Optional.of("a"), asText.find('A'));
        } finally {
            Sql.run(dataSource, "DROP TABLE " + folding);
        }
    }

    /** A type of text that is padded with blanks, and compares so. */
    String padded(int length) {
        return "CHAR(" + length + ')';
    }

    /** A column pads it, or drops it where it is a blank. */
    @Test
    void aCharacterInAColumnOfTypeCharIsFound() throws Exception {
        for (String type : List.of(padded(1), padded(5))) {
            String padded = table + "_p";
            Sql.run(dataSource, "CREATE TABLE " + padded + "(k " + type + " NOT NULL PRIMARY KEY)");
            try {
                JdbcArbiterBuilder<Character, String> builder = JdbcArbiter.<Character, String>on(dataSource)
                        .table(padded)
                        .key("k", letter -> letter)
                        .mapper(row -> "a record");
                for (char letter : new char[] {'a', ' '}) {
                    Arbiter<Character, String> arbiter = builder.build();
                    assertEquals(Ruling.created("a record"), arbiter.insert(letter, ""), type);
                    assertEquals(Ruling.adopted("a record"), arbiter.insert(letter, ""), type);
                    assertEquals(Optional.of("a record"), arbiter.find(letter), type);
                }
                Arbiter<Character, String> lower =
                        builder.canonicalKey(Character::toLowerCase).build();
                assertEquals(Optional.of("a record"), lower.find('A'), type);
            } finally {
                Sql.run(dataSource, "DROP TABLE " + padded);
            }
        }
    }

    /** Their neighbours as doubles, which is how MySQL compares a text with a number. */
    static final Map<String, Long> NUMBERS_OF_OTHER_TEXTS =
            Map.of("9007199254740993", 9007199254740992L, "12abc", 12L, "012", 12L);

    /** Keyed by numbers, though its column is text. */
    final Arbiter<Object, String> numbers() {
        return JdbcArbiter.<Object, String>on(dataSource)
                .table(table)
                .key("\"key\"", number -> number)
                .columns((row, number, candidate) -> row.set("\"value\"", candidate))
                .mapper(row -> row.getString("value"))
                .build();
    }

    @Test
    void aNumberForAColumnOfTextIsRefusedBeforeItFindsTheRowOfAnotherText() throws Exception {
        for (Map.Entry<String, Long> each : NUMBERS_OF_OTHER_TEXTS.entrySet()) {
            another().insert(each.getKey(), new Entry(each.getKey(), each.getKey()));
            for (Object number : new Object[] {each.getValue(), new BigDecimal(each.getValue()), false}) {
                for (Runnable call : List.<Runnable>of(
                        () -> numbers().find(number), () -> numbers().insert(number, "mine"), () -> numbers()
                                .insertAll(Map.of(number, "mine")))) {
                    IllegalArgumentException e =
                            assertThrows(IllegalArgumentException.class, call::run, each::toString);
                    assertTrue(e.getMessage().contains("key column key that is no text"), e::getMessage);
                }
            }
        }
        assertEquals("3", Sql.ask(dataSource, "SELECT count(*) FROM " + table));
    }
}
