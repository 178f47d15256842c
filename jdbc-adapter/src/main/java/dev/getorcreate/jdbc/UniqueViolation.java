package dev.getorcreate.jdbc;

import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
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
 * A violation of a unique constraint, found in whatever a persistence framework threw: PostgreSQL's, MariaDB's, MySQL's,
 * SQLite's, H2's, SQL Server's and Oracle's. It is recognised by the driver's own code, and other errors, such as a
 * violated foreign key, are none.
 *
 * <p>Tested with what Spring JDBC, Hibernate and JPA, jOOQ, MyBatis, plain JDBC and its batches throw.
 *
 * <p>As the last argument of {@link dev.getorcreate.Arbiter#of}: {@code UniqueViolation.of("uq_records_key")}.
 */
public final class UniqueViolation {

    /** The catalogue's name for an index that H2 made for a constraint: all that H2 before 2.4 reports. */
    private static final Pattern H2_INDEX_OF = Pattern.compile("(?i)(.+)_INDEX_[0-9A-F]+");

    /** PostgreSQL's and H2's: their batches repeat the statement, values and all, and always have a next exception. */
    private static final String TELL_APART = "23505";

    private final SQLException violation;
    private final Reported reported;

    private UniqueViolation(SQLException violation, Reported reported) {
        this.violation = violation;
        this.reported = reported;
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
        List<SQLException> batches = new ArrayList<>();
        while (!open.isEmpty()) {
            Throwable next = open.removeFirst();
            if (!seen.add(next)) {
                continue;
            }
            if (next instanceof SQLException sql) {
                // A batch's own message may be about its statement; the database's words are in its next exception.
                if (sql instanceof BatchUpdateException) {
                    batches.add(sql);
                } else {
                    Optional<UniqueViolation> violation = by(sql);
                    if (violation.isPresent()) {
                        return violation;
                    }
                }
                add(sql.getNextException(), open);
            }
            add(next.getCause(), open);
        }
        return batches.stream()
                .filter(batch -> !TELL_APART.equals(batch.getSQLState()))
                .flatMap(batch -> by(batch).stream())
                .findFirst();
    }

    private static Optional<UniqueViolation> by(SQLException sql) {
        return Reported.by(sql).map(reported -> new UniqueViolation(sql, reported));
    }

    private static void add(@Nullable Throwable thrown, Deque<Throwable> open) {
        if (thrown != null) {
            open.addLast(thrown);
        }
    }

    /** The database that seems to have thrown it, by the shape of the error, for instance PostgreSQL. */
    public String database() {
        return reported.database();
    }

    /**
     * The constraint's name as the database reports it; for H2 before 2.4, and where there is only one, the index's. SQLite
     * reports columns instead, {@code "users.email"}, or {@code "seats.row, seats.number"} if there are several.
     */
    public Optional<String> constraint() {
        return reported.names().stream().findFirst();
    }

    /** The table, where the error names it: not in MariaDB's. */
    public Optional<String> table() {
        return Optional.ofNullable(reported.table());
    }

    /**
     * Whether the violated constraint, or the index behind it, has this name; case does not count.
     *
     * <p>A partition of PostgreSQL has a constraint, and a name for it, of its own.
     */
    public boolean isOf(String constraint) {
        return reported.names().stream()
                .anyMatch(name -> name.equalsIgnoreCase(constraint) || isIndexOf(name, constraint));
    }

    private boolean isIndexOf(String name, String constraint) {
        Matcher index = H2_INDEX_OF.matcher(name);
        return reported.database().equals("H2")
                && index.matches()
                && index.group(1).toLowerCase(Locale.ROOT).equals(constraint.toLowerCase(Locale.ROOT));
    }

    /** Whether it is one of these names, exactly. */
    boolean isOneOf(Set<String> exact) {
        return reported.names().stream().anyMatch(exact::contains);
    }

    /** What the driver threw. */
    public SQLException exception() {
        return violation;
    }

    @Override
    public String toString() {
        return reported.database() + " unique violation of " + constraint().orElse("an unnamed constraint");
    }
}
