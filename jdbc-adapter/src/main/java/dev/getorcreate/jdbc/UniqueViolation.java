package dev.getorcreate.jdbc;

import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A violation of a unique constraint, found in whatever a persistence framework threw: PostgreSQL's and H2's.
 *
 * <p>As the last argument of {@link dev.getorcreate.Arbiter#of}: {@code UniqueViolation.of("uq_records_key")}.
 */
public final class UniqueViolation {

    private static final String STATE = "23505";

    /** PostgreSQL translates its messages, and the quotes in them; the name is the only thing quoted in the first line. */
    private static final Pattern QUOTED = Pattern.compile("[\"«»„“”「『](.+)[\"«»“”」』]");

    /** The catalogue's name for an index that H2 made for a constraint: all that H2 before 2.4 reports. */
    private static final Pattern H2_INDEX_OF = Pattern.compile("(?i)(.+)_INDEX_[0-9A-F]+");

    private final SQLException violation;
    private final String database;
    private final List<String> names;

    private UniqueViolation(SQLException violation, String database, List<String> names) {
        this.violation = violation;
        this.database = database;
        this.names = names;
    }

    /** Whether an exception is a violation of this constraint, for {@link dev.getorcreate.Arbiter#of}. */
    public static Predicate<Throwable> of(String constraint) {
        Objects.requireNonNull(constraint, "constraint");
        return thrown -> find(thrown).filter(it -> it.isOf(constraint)).isPresent();
    }

    /**
     * The first violation in an exception, its causes, and the next exceptions of each {@link SQLException}; empty if
     * there is none.
     */
    public static Optional<UniqueViolation> find(Throwable thrown) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Throwable> open = new ArrayDeque<>(List.of(thrown));
        while (!open.isEmpty()) {
            Throwable next = open.removeFirst();
            if (!seen.add(next)) {
                continue;
            }
            if (next instanceof SQLException sql) {
                // A batch's own message is about its statement; the database's words are in its next exception.
                if (STATE.equals(sql.getSQLState()) && !(sql instanceof BatchUpdateException)) {
                    return Optional.of(read(sql));
                }
                add(sql.getNextException(), open);
            }
            add(next.getCause(), open);
        }
        return Optional.empty();
    }

    private static void add(@Nullable Throwable thrown, Deque<Throwable> open) {
        if (thrown != null) {
            open.addLast(thrown);
        }
    }

    private static UniqueViolation read(SQLException sql) {
        String message = Objects.requireNonNullElse(sql.getMessage(), "");
        // Only H2 repeats the state as its own code.
        return String.valueOf(sql.getErrorCode()).equals(STATE)
                ? new UniqueViolation(sql, "H2", H2Violation.names(message))
                : new UniqueViolation(sql, "PostgreSQL", postgresNames(message));
    }

    /** The line's end comes first: the next line repeats the key, which may look like anything. */
    private static List<String> postgresNames(String message) {
        Matcher quoted = QUOTED.matcher(message.lines().findFirst().orElse(""));
        return quoted.find() ? List.of(stripped(quoted.group(1))) : List.of();
    }

    /** French has a no-break space inside its quotes, which {@code strip} keeps. */
    private static String stripped(String name) {
        return name.replaceAll("^[\\s\\u00a0\\u202f]+|[\\s\\u00a0\\u202f]+$", "");
    }

    /** The state of the SQL standard, 23505. */
    public String sqlState() {
        return STATE;
    }

    /** The database that seems to have thrown it, by the shape of the error: PostgreSQL or H2. */
    public String database() {
        return database;
    }

    /** The constraint's name as the database reports it; for H2 before 2.4, and where there is only one, the index's. */
    public Optional<String> constraint() {
        return names.stream().findFirst();
    }

    /**
     * Whether the violated constraint, or the index behind it, has this name; case does not count.
     *
     * <p>A partition of PostgreSQL has a constraint, and a name for it, of its own.
     */
    public boolean isOf(String constraint) {
        return names.stream().anyMatch(name -> name.equalsIgnoreCase(constraint) || isIndexOf(name, constraint));
    }

    private boolean isIndexOf(String name, String constraint) {
        Matcher index = H2_INDEX_OF.matcher(name);
        return database.equals("H2")
                && index.matches()
                && index.group(1).toLowerCase(Locale.ROOT).equals(constraint.toLowerCase(Locale.ROOT));
    }

    /** Whether it is one of these names, exactly. */
    boolean isOneOf(Set<String> exact) {
        return names.stream().anyMatch(exact::contains);
    }

    /** What the driver threw. */
    public SQLException exception() {
        return violation;
    }

    @Override
    public String toString() {
        return database + " unique violation of " + (names.isEmpty() ? "an unnamed constraint" : names.get(0));
    }
}
