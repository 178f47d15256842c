package dev.getorcreate.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {

    private static final List<String> ALL = List.of("a", "b", "c");

    private static Arguments given(String... args) {
        return new Arguments(args);
    }

    private static void refused(String message, Executable taking) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, taking).getMessage());
    }

    @Test
    void whatIsNotGivenIsAsTheBenchHasIt() {
        Arguments none = given();
        assertFalse(none.flag("--quick"));
        assertEquals(5, none.count("--rounds", 5));
        assertEquals(0, none.number("--rest", 0));
        assertEquals(List.of(1, 16), none.counts("--threads", "1,16"));
        assertEquals(ALL, none.some("--contenders", ALL));
        assertEquals(List.of("b"), none.some("--contenders", ALL, "b"));
        none.end();
    }

    @Test
    void whatIsGivenIsTaken() {
        Arguments all = given(
                "--rounds",
                "7",
                "--quick",
                "--rest",
                "0",
                "--threads",
                "4,1",
                "--creator",
                "0,20",
                "--contenders",
                "c,a");
        assertTrue(all.flag("--quick"));
        assertEquals(7, all.count("--rounds", 5));
        assertEquals(0, all.number("--rest", 9));
        assertEquals(List.of(4, 1), all.counts("--threads", "1"));
        assertEquals(List.of(0, 20), all.numbers("--creator", "5"));
        assertEquals(List.of("c", "a"), all.some("--contenders", ALL));
        all.end();
    }

    @Test
    void whatNobodyHasTakenIsRefusedWithWhatIsKnown() {
        Arguments given = given("--quick", "--round", "3");
        assertTrue(given.flag("--quick"));
        assertEquals(5, given.count("--rounds", 5));
        refused("unknown: [--round, 3]; known are [--quick, --rounds]", given::end);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "-2147483648"})
    void aCountIsAtLeastOne(String value) {
        refused("--rounds must be at least 1, not " + value, () -> given("--rounds", value)
                .count("--rounds", 5));
    }

    @Test
    void aNumberIsNotNegative() {
        refused("--rest must be at least 0, not -1", () -> given("--rest", "-1").number("--rest", 0));
        refused("--creator must be at least 0, not -20", () -> given("--creator", "0,-20")
                .numbers("--creator", "0"));
    }

    @Test
    void eachOfSeveralCountsIsAtLeastOne() {
        refused("--threads must be at least 1, not 0", () -> given("--threads", "4,0")
                .counts("--threads", "1"));
    }

    @ParameterizedTest
    @CsvSource({"'1,1', 1", "'20,0,20', 20", "'4,04', 4"})
    void aNumberStandsInAListOnce(String value, int twice) {
        refused("--creator names " + twice + " twice", () -> given("--creator", value)
                .numbers("--creator", "0"));
    }

    @Test
    void aNameStandsInAListOnce() {
        refused("--contenders names a twice", () -> given("--contenders", "a,b,a")
                .some("--contenders", ALL));
    }

    @ParameterizedTest
    @CsvSource({"x,x", "'',''", "'a,',''", "'b,y',y"})
    void aNameIsOneOfThose(String value, String wrong) {
        refused("--contenders takes some of a,b,c, not '" + wrong + "'", () -> given("--contenders", value)
                .some("--contenders", ALL));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1.5", "two", "99999999999", "--quick"})
    void whatIsNoNumberIsRefused(String value) {
        refused("--rounds takes whole numbers, not '" + value + "'", () -> given("--rounds", value)
                .count("--rounds", 5));
    }

    @Test
    void anOptionHasAValueAndStandsOnce() {
        refused("--rounds needs a value", () -> given("--rounds").count("--rounds", 5));
        refused("--rounds is given twice", () -> given("--rounds", "2", "--rounds", "3")
                .count("--rounds", 5));
        refused("--quick is given twice", () -> given("--quick", "--quick").flag("--quick"));
    }
}
