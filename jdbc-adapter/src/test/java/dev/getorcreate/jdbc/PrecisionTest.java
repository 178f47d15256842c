package dev.getorcreate.jdbc;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class PrecisionTest {

    private static final Precision HUNDREDS = Precision.of("numeric", "-2");
    private static final Precision CENTS = Precision.of("numeric", "2");
    private static final Precision DOUBLE = Precision.of("double precision", null);

    @Test
    void zeroIsAsCoarseAsAnything() {
        assertNull(HUNDREDS.refusal(0L));
        assertNull(HUNDREDS.refusal(new BigDecimal("0.00")));
        assertNull(HUNDREDS.refusal(300L));
        assertNotNull(HUNDREDS.refusal(310L));
    }

    @Test
    void trailingZerosAreNoDigits() {
        assertNull(CENTS.refusal(new BigDecimal("1.2300")));
        assertNotNull(CENTS.refusal(new BigDecimal("1.2301")));
    }

    @Test
    void aWholeNumberIsKeptByADoubleIfItIsOne() {
        assertNull(DOUBLE.refusal(1L << 60));
        assertNotNull(DOUBLE.refusal((1L << 60) + 4));
        assertNull(DOUBLE.refusal(BigInteger.ONE.shiftLeft(80)));
        assertNotNull(DOUBLE.refusal(BigInteger.ONE.shiftLeft(80).add(BigInteger.ONE)));
        assertNull(DOUBLE.refusal(new BigDecimal("0.1")));
    }

    @Test
    void aDoubleOfSomeDigitsIsADoubleAllTheSame() {
        assertNull(Precision.of("double", "0").refusal(9007199254740992L));
        assertNotNull(Precision.of("double", "0").refusal(9007199254740993L));
        assertNull(Precision.of("double", "2").refusal(1.23));
        assertNotNull(Precision.of("double", "2").refusal(1.234));
        assertNull(Precision.of("float", "2").refusal(0.5));
        assertNotNull(Precision.of("float", "2").refusal((1 << 24) + 1));
        assertNotNull(Precision.of("float", "2").refusal(0.125F));
    }

    @Test
    void aDayHasNoTime() {
        Precision day = Precision.of("date", "0");
        LocalDateTime midnight = LocalDate.of(2026, 1, 2).atStartOfDay();
        for (Object kept :
                new Object[] {LocalDate.of(2026, 1, 2), midnight, Timestamp.valueOf(midnight), new Date(0)}) {
            assertNull(day.refusal(kept), kept::toString);
        }
        for (Object finer : new Object[] {
            midnight.plusSeconds(1),
            Timestamp.valueOf(midnight.plusHours(3)),
            Instant.EPOCH,
            midnight.atOffset(ZoneOffset.UTC),
            new java.util.Date(0)
        }) {
            assertNotNull(day.refusal(finer), finer::toString);
        }
    }

    @Test
    void aTextIsNoNumberAndNoTime() {
        for (String type : new String[] {"numeric", "float8", "real", "date", "timestamptz", "time"}) {
            assertNotNull(Precision.of(type, null).refusal("1"), type);
        }
        assertNotNull(Precision.of("int8", "0").refusal("1"));
        for (String type : new String[] {"inet", "interval", "jsonb", "bool", "bytea", "datetime"}) {
            assertNotNull(Precision.of(type, null).refusal("1"), type);
            assertNull(Precision.of(type, null).refusal(new Object()), type);
        }
        assertNull(Precision.ofSqlite("BLOB").refusal("1"));
        assertNull(Precision.ofSqlite("VARCHAR").refusal("1"));
    }

    @Test
    void aYearHasFourDigits() {
        Precision year = Precision.of("year", null);
        assertNull(year.refusal(2026));
        assertNull(year.refusal(new BigDecimal("2026.0")));
        for (Object other : new Object[] {26, 99L, 2026.5, true, "2026", LocalDate.of(2026, 1, 1)}) {
            assertNotNull(year.refusal(other), other::toString);
        }
    }

    @Test
    void aNumberIsNoTime() {
        for (String type : new String[] {"date", "datetime", "timestamp", "TIME WITH TIME ZONE"}) {
            assertNotNull(Precision.of(type, "0").refusal(240101), type);
            assertNotNull(Precision.of(type, "0").refusal(false), type);
        }
    }

    @Test
    void aNumberIsNoTextWhateverTheDatabaseCallsIt() {
        for (String type : new String[] {
            "varchar",
            "bpchar",
            "citext",
            "longtext",
            "varbinary",
            "enum",
            "CHARACTER VARYING",
            "CHARACTER LARGE OBJECT"
        }) {
            Precision text = Precision.of(type, null);
            assertNotNull(text.refusal(12), type);
            assertNotNull(text.refusal(true), type);
            assertNull(text.refusal("12"), type);
        }
        assertNull(Precision.of("int8", "0").refusal(12));
        assertNull(Precision.of("bool", null).refusal(true));
    }

    @Test
    void aTextIsAsLongAsItsCodePoints() {
        String emoji = "\uD83D\uDE00";
        Precision three = Precision.of("varchar", "3");
        assertNull(three.refusal(emoji.repeat(3)));
        assertNotNull(three.refusal(emoji.repeat(3) + ' '));
        assertNull(Precision.of("text", null).refusal("abcd"));
        assertNull(Precision.of("longtext", "4294967295").refusal("abcd"));
    }
}
