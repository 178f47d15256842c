package dev.getorcreate.jdbc;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How fine a column's values are, and how long. What is finer is rounded, by the database or its driver, and blanks are
 * cut off what is too long: the row that is written would be another key's. So may be the one that is found where a number
 * is compared with text: MySQL makes doubles of both. And a column that is none of text makes of one text what it makes of
 * others: 7 of 007. And bytes of one length are what shorter ones are filled up to.
 *
 * @param digits behind the point of a number or of a second, or the characters of a text, or bytes; the greatest int
 *     where a double has no bound to them
 * @param members that a text must be of; {@code null}: it need not
 */
record Precision(Kind kind, int digits, @Nullable Members members) {

    static final Precision UNKNOWN = new Precision(Kind.UNKNOWN, 0);

    /** What databases and drivers keep of a second at best. */
    private static final int MICROS = 6;

    private static final int MILLIS = 3;

    /** Whatever their point, that SQLite keeps of numbers that are no longs, and of doubles in a text. */
    private static final int SQLITE_DIGITS = 15;

    /** Whose driver sends the milliseconds of a {@code java.util.Date}. */
    private static final Set<Kind> OF_SQLITE =
            EnumSet.of(Kind.SQLITE_BLOB, Kind.SQLITE_TEXT, Kind.SQLITE_REAL, Kind.SQLITE_NUMERIC);

    /** That a numeric of PostgreSQL without a scale has at most. */
    private static final int POSTGRES_DIGITS = 16383;

    private static final Pattern TEXT = Pattern.compile(".*(CHAR|TEXT|BINARY|BLOB).*|ENUM|SET");

    /** As databases write one, whatever they read. */
    private static final Pattern CANONICAL_UUID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    /** As SQLite reads one. */
    private static final Pattern NUMBER =
            Pattern.compile("\\s*[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?\\s*");

    enum Kind {
        DIGITS,
        FLOAT,
        DOUBLE,
        /** Without a time of day. */
        DAY,
        TIME,
        YEAR,
        /** Or bytes. */
        TEXT,
        /** All of one length. */
        BYTES,
        UUID,
        /** Of SQLite, as the next three, by what it makes of a value; this one keeps it. */
        SQLITE_BLOB,
        SQLITE_TEXT,
        SQLITE_REAL,
        SQLITE_NUMERIC,
        /** No text; or without a bound. */
        UNKNOWN
    }

    private Precision(Kind kind, int digits) {
        this(kind, digits, null);
    }

    /** As below, of a text that may have to be of some members. */
    static Precision of(String type, @Nullable String digits, @Nullable Members members) {
        Precision bare = of(type, digits);
        return new Precision(bare.kind, bare.digits, members);
    }

    /** As catalogues tell of it; {@code null} where they tell of no digits, and of no length. */
    static Precision of(String type, @Nullable String digits) {
        String name = type.toUpperCase(Locale.ROOT);
        if (name.equals("BINARY") && digits != null) {
            return new Precision(Kind.BYTES, Integer.parseInt(digits));
        }
        if (TEXT.matcher(name).matches()) {
            long length = digits == null ? Integer.MAX_VALUE : Long.parseLong(digits);
            return new Precision(Kind.TEXT, (int) Math.min(Integer.MAX_VALUE, length));
        }
        int bound = digits == null ? Integer.MAX_VALUE : Integer.parseInt(digits);
        return switch (name) {
            case "UUID" -> new Precision(Kind.UUID, 0);
            case "DATE" -> new Precision(Kind.DAY, 0);
            // MySQL's may be rounded to digits too, and are no decimals for all that.
            case "FLOAT4", "FLOAT", "REAL" -> new Precision(Kind.FLOAT, bound);
            case "FLOAT8", "DOUBLE", "DOUBLE PRECISION" -> new Precision(Kind.DOUBLE, bound);
            case "NUMERIC" -> new Precision(Kind.DIGITS, digits == null ? POSTGRES_DIGITS : bound);
            case "YEAR" -> new Precision(Kind.YEAR, 0);
            case "TIMESTAMP",
                    "TIMESTAMPTZ",
                    "TIMESTAMP WITH TIME ZONE",
                    "DATETIME",
                    "TIME",
                    "TIMETZ",
                    "TIME WITH TIME ZONE" -> new Precision(Kind.TIME, Math.min(bound, MICROS));
            default -> digits == null ? UNKNOWN : new Precision(Kind.DIGITS, bound);
        };
    }

    /** SQLite's rules, by what a column was declared as. */
    static Precision ofSqlite(String declared) {
        String name = declared.toUpperCase(Locale.ROOT);
        Kind kind = Kind.SQLITE_NUMERIC;
        if (!name.contains("INT")) {
            if (name.matches(".*(CHAR|CLOB|TEXT).*")) {
                kind = Kind.SQLITE_TEXT;
            } else if (name.isEmpty() || name.contains("BLOB")) {
                kind = Kind.SQLITE_BLOB;
            } else if (name.matches(".*(REAL|FLOA|DOUB).*")) {
                kind = Kind.SQLITE_REAL;
            }
        }
        return new Precision(kind, SQLITE_DIGITS);
    }

    /** What is wrong with a value, and what to do; {@code null}: it is kept as it is. */
    @Nullable
    String refusal(Object value) {
        if ((kind == Kind.TEXT || kind == Kind.BYTES) && (value instanceof Number || value instanceof Boolean)) {
            return "that is no text, as the column is: the database may compare the two as rounded numbers, and find"
                    + " another key's row; give a String";
        }
        if (kind == Kind.TEXT && value instanceof String text && text.codePointCount(0, text.length()) > digits) {
            return "that is longer than the " + digits
                    + " characters of its column, which cuts blanks off its end, and two"
                    + " keys would be one; give a shorter one, or widen the column and restart";
        }
        String noMember = members != null && value instanceof String text ? members.refusal(text) : null;
        if (noMember != null) {
            return noMember;
        }
        if (kind == Kind.BYTES && !fills(value)) {
            return "that is not of the " + digits
                    + " bytes of its column, which fills a shorter one up with zeros, and two"
                    + " keys would be one; give one of that length, or make the column VARBINARY and restart";
        }
        if (kind == Kind.UUID
                && value instanceof String text
                && !CANONICAL_UUID.matcher(text).matches()) {
            return "that is no UUID as its column writes it (lower case, with hyphens), and two keys would be one; give a"
                    + " UUID's toString()";
        }
        if (value instanceof String text && becomesNoText(text)) {
            return "that is text, and the column's values are none: the database may make one of them of several texts (7"
                    + " of 007, 2001:db8::1 of 2001:DB8::1), and two keys would be one; give a number, a time, bytes, or what"
                    + " else its driver has for the type, or make the column one of text and restart";
        }
        if ((kind == Kind.DAY || kind == Kind.TIME) && (value instanceof Number || value instanceof Boolean)) {
            return "that is no time, as the column's values are: the database may take a number's digits for one (2024-01-01"
                    + " for 240101), and two keys would be one; give a time";
        }
        if (kind == Kind.YEAR
                && !(value instanceof Number year && (year.longValue() == 0 || year.longValue() >= 100))) {
            return "that is no year of four digits: of two the database makes four (2026 of 26), and two keys would be one;"
                    + " give an Integer of four digits";
        }
        String kept = coarser(value);
        return kept == null ? null : "that would be rounded, and two keys would be one; it keeps " + kept;
    }

    private boolean fills(Object value) {
        byte @Nullable [] given = value instanceof String text
                ? text.getBytes(StandardCharsets.UTF_8)
                : value instanceof byte[] bytes ? bytes : null;
        return given == null || given.length == digits;
    }

    private boolean becomesNoText(String text) {
        return switch (kind) {
            case DIGITS, FLOAT, DOUBLE, DAY, TIME, YEAR, UNKNOWN -> true;
            case SQLITE_REAL, SQLITE_NUMERIC -> NUMBER.matcher(text).matches();
            case TEXT, BYTES, UUID, SQLITE_BLOB, SQLITE_TEXT -> false;
        };
    }

    /**
     * Whether values that Java thinks different may be equal to this one in the column, by its digits or its offset: it is
     * not as the column itself would have it.
     */
    boolean hasEquals(Object value) {
        if (value instanceof BigDecimal decimal) {
            boolean text = kind == Kind.TEXT || kind == Kind.SQLITE_TEXT || kind == Kind.SQLITE_BLOB;
            boolean bounded = kind == Kind.DIGITS && digits < POSTGRES_DIGITS;
            int own =
                    bounded ? digits : Math.max(0, decimal.stripTrailingZeros().scale());
            return !text && decimal.scale() != own;
        }
        if (OF_SQLITE.contains(kind)) {
            return false; // which has no times, but texts
        }
        return (value instanceof OffsetDateTime time && !time.getOffset().equals(ZoneOffset.UTC))
                || (value instanceof ZonedDateTime zoned && !zoned.getZone().equals(ZoneOffset.UTC));
    }

    /** What is sent for a value: the decimal that a double is written as, since PostgreSQL makes one of 15 digits. */
    Object sent(Object value) {
        BigDecimal decimal =
                kind == Kind.DIGITS && value instanceof Number number && isFraction(number) ? decimal(number) : null;
        return decimal == null ? value : decimal;
    }

    /** What is kept, and how to make a value so, if this one is finer. */
    private @Nullable String coarser(Object value) {
        Integer nanos = nanos(value);
        if (nanos != null && kind == Kind.DAY) {
            return isMidnight(value) ? null : "the day alone: give a LocalDate";
        }
        if (nanos != null) {
            return refusalOfTime(nanos, value instanceof java.util.Date);
        }
        if (value instanceof Number number && !keeps(number)) {
            return switch (kind) {
                case DIGITS, YEAR -> digits + " digits behind the point: round it first, as by setScale";
                case FLOAT -> "a float" + ofDigits() + ", which is not exactly this number";
                case DOUBLE -> "a double" + ofDigits() + ", which is not exactly this number";
                default ->
                    digits + " digits of this number: round it first, as by round(new MathContext(" + digits + "))";
            };
        }
        return null;
    }

    private String ofDigits() {
        return digits == Integer.MAX_VALUE ? "" : " of " + digits + " digits behind the point";
    }

    private @Nullable String refusalOfTime(int nanos, boolean date) {
        int kept = kind == Kind.TIME ? digits : MICROS;
        if (date && OF_SQLITE.contains(kind)) {
            kept = MILLIS;
        }
        int unit = 1;
        for (int digit = kept; digit < 9; digit++) {
            unit *= 10;
        }
        String name = kept == MICROS ? "MICROS" : kept >= MILLIS ? "MILLIS" : "SECONDS";
        return nanos % unit == 0
                ? null
                : kept + " digits of a second: truncate it first, as by truncatedTo(ChronoUnit." + name + ')';
    }

    /** The fraction of a time's second; {@code null}: it is no time. */
    @SuppressWarnings("JavaUtilDate") // drivers take it
    private static @Nullable Integer nanos(Object value) {
        if (value instanceof Timestamp timestamp) {
            return timestamp.getNanos();
        }
        if (value instanceof java.util.Date date) {
            boolean day = date instanceof java.sql.Date; // of which drivers send no more
            return day ? 0 : Math.toIntExact(Math.floorMod(date.getTime(), 1000L)) * 1_000_000;
        }
        return value instanceof TemporalAccessor time && time.isSupported(ChronoField.NANO_OF_SECOND)
                ? Integer.valueOf(time.get(ChronoField.NANO_OF_SECOND))
                : null;
    }

    /** Whether it is a day, without a time zone that would say which. */
    @SuppressWarnings("JavaUtilDate") // drivers take it
    private static boolean isMidnight(Object value) {
        if (value instanceof Timestamp timestamp) {
            return isMidnight(timestamp.toLocalDateTime());
        }
        return value instanceof java.sql.Date
                || (value instanceof LocalDateTime time && time.toLocalTime().equals(LocalTime.MIDNIGHT));
    }

    private boolean keeps(Number value) {
        if (kind == Kind.UNKNOWN
                || kind == Kind.DAY
                || kind == Kind.SQLITE_BLOB
                || (kind == Kind.DIGITS && digits >= 0 && isWhole(value))) {
            return true;
        }
        BigDecimal decimal = decimal(value);
        if (decimal == null) {
            return true;
        }
        return switch (kind) {
            case DIGITS, YEAR -> fits(decimal);
            case FLOAT -> fits(decimal) && (value instanceof Float || isExactly(decimal, value, value.floatValue()));
            case DOUBLE -> fits(decimal) && (value instanceof Float || isExactly(decimal, value, value.doubleValue()));
            case SQLITE_TEXT -> !(value instanceof Double) || hasDigits(decimal);
            case SQLITE_REAL ->
                isFraction(value)
                        || (isWhole(value) ? isExactly(decimal, value, value.doubleValue()) : hasDigits(decimal));
            case SQLITE_NUMERIC -> isFraction(value) || isLong(decimal) || hasDigits(decimal);
            case DAY, TIME, TEXT, BYTES, UUID, SQLITE_BLOB, UNKNOWN -> true;
        };
    }

    private boolean fits(BigDecimal decimal) {
        return decimal.signum() == 0
                || decimal.scale() <= digits
                || decimal.stripTrailingZeros().scale() <= digits;
    }

    /** No more than are kept. */
    private boolean hasDigits(BigDecimal decimal) {
        return decimal.stripTrailingZeros().precision() <= digits;
    }

    private static boolean isLong(BigDecimal decimal) {
        return decimal.scale() == 0 && decimal.unscaledValue().bitLength() < Long.SIZE;
    }

    private static boolean isFraction(Number value) {
        return value instanceof Double || value instanceof Float;
    }

    private static boolean isWhole(Number value) {
        return value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte;
    }

    /** A decimal fraction is taken for the double that is written so. */
    private boolean isExactly(BigDecimal decimal, Number value, double kept) {
        if (value instanceof Double) {
            return value.doubleValue() == kept;
        }
        if (Double.isInfinite(kept)) {
            return false;
        }
        boolean whole = isWhole(value) || value instanceof BigInteger;
        BigDecimal back = kind == Kind.DOUBLE && !whole ? BigDecimal.valueOf(kept) : new BigDecimal(kept);
        return back.compareTo(decimal) == 0;
    }

    /** {@code null}: of a type that is not known, or not a number at all. */
    private static @Nullable BigDecimal decimal(Number value) {
        if (value instanceof BigDecimal decimal) {
            return decimal;
        }
        if (value instanceof BigInteger whole) {
            return new BigDecimal(whole);
        }
        if (isWhole(value)) {
            return BigDecimal.valueOf(value.longValue());
        }
        return isFraction(value) && Double.isFinite(value.doubleValue()) ? new BigDecimal(value.toString()) : null;
    }
}
