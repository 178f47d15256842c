package dev.getorcreate.jdbc;

import dev.getorcreate.ArbiterFailedException;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The words of the arbiter's errors. They hold no values: other processes may be shown them, and keys may be personal
 * data. The database's own words, which do, are in the cause.
 */
final class Refusals {

    /** By its time-out, or by somebody who ended it: the session goes on. */
    private static final String TIMED_OUT = "57014";

    private final String table;
    private final Duration timeout;
    private final @Nullable Identifier partialIndex;

    Refusals(Settings<?, ?> settings) {
        this.table = settings.tableName();
        this.timeout = settings.statementTimeout();
        this.partialIndex = settings.partialIndex();
    }

    ArbiterFailedException of(String what, @Nullable Dialect dialect, SQLException e) {
        String hint = hint(dialect == null ? e.getSQLState() : dialect.standardState(e));
        return new ArbiterFailedException(
                "the " + what + " on table " + table + " failed (" + codes(e) + ')' + (hint == null ? "" : ": " + hint),
                e);
    }

    /** Never empty: drivers and pools throw some that have neither. */
    static String codes(SQLException e) {
        String state = e.getSQLState() == null ? "" : "SQLState " + e.getSQLState();
        // PostgreSQL has no other, and H2 repeats it.
        boolean code =
                e.getErrorCode() != 0 && !String.valueOf(e.getErrorCode()).equals(e.getSQLState());
        String codes = state + (code ? (state.isEmpty() ? "" : ", ") + "code " + e.getErrorCode() : "");
        return codes.isEmpty() ? "no SQLState" : codes;
    }

    private @Nullable String hint(@Nullable String state) {
        if (state == null) {
            return null;
        }
        return switch (state) {
            case "0A000" ->
                "if the table was changed: a pooler that keeps prepared statements has to reconnect, or the driver not to"
                        + " prepare any (prepareThreshold=0)";
            case "22001" -> "a value is longer than its column allows; nothing was written";
            case "22003", "22P02", "42804", "42883" -> "a value does not fit the type of its column";
            case "23502" -> "a column that must not be null was not set; set it in columns(...)";
            case "23503" -> "a foreign key is violated; the row that it points to must be there before";
            case "23514", "23513" -> "a CHECK constraint is violated";
            case "25006", "90097" ->
                "the database is read-only here: is this a replica, or the caller's transaction read-only?";
            case "42501", "90096" -> "the user lacks a right; it needs SELECT and INSERT on the table";
            case "42703", "42S22", "42P01", "42S02", "42S04" ->
                "the table is no longer the one that was checked; restart to see what is missing";
            case TIMED_OUT ->
                "it took longer than statementTimeout (" + timeout
                        + ") or its caller's transaction allows, or waited that"
                        + " long for a lock; nothing was written";
            default -> null;
        };
    }

    ArbiterFailedException notConnected(SQLException e) {
        return new ArbiterFailedException(
                "no connection to the database of table " + table + " (" + codes(e)
                        + "); nothing was sent. Is the pool exhausted, or the database away?",
                e);
    }

    ArbiterFailedException unclear(SQLException e) {
        return new ArbiterFailedException(
                "the connection was lost during the insert into " + table + ", and the database could not be asked"
                        + " whether it took effect; the next call finds the row, or inserts it",
                e);
    }

    ArbiterFailedException stillInTheWay(SQLException e) {
        return new ArbiterFailedException(
                "the insert into " + table + " was rolled back again and again since other transactions were in its"
                        + " way (" + codes(e) + "); nothing was written",
                e);
    }

    /** What a caller's transaction has to be told. */
    ArbiterFailedException inTransaction(String what, Dialect dialect, SQLException e) {
        // Of a time-out MySQL's driver says no more than of a lost connection; but here a savepoint is around it.
        if (!TIMED_OUT.equals(dialect.standardState(e)) && dialect.connectionLost(e)) {
            return new ArbiterFailedException(
                    "the connection of the caller's transaction was lost during the " + what + " on table " + table
                            + ", and the transaction with it; it can be run again",
                    e);
        }
        if (dialect.isTransient(e)) {
            return new ArbiterFailedException(
                    "other transactions were in the way of the " + what + " on table " + table + " (" + codes(e)
                            + "); the caller's transaction cannot go on as if they were not: roll it back and run it again",
                    e);
        }
        return of(what, dialect, e);
    }

    /** As the databases' own serialization failures: a caller that runs its transaction again finds the row. */
    ArbiterFailedException unseenWinner(SQLException violation) {
        SQLTransactionRollbackException cause = new SQLTransactionRollbackException(
                "a row of the key was committed after this transaction's snapshot", "40001", violation);
        return new ArbiterFailedException(
                "somebody else's row of the key stands in table " + table + ", committed after the snapshot of the"
                        + " caller's transaction, which cannot see it; roll it back and run it again",
                cause);
    }

    ArbiterFailedException goneAtOnce() {
        if (partialIndex != null) {
            return new ArbiterFailedException(
                    "the row that was inserted into " + table
                            + " does not fulfil the condition of the partial index " + partialIndex.text()
                            + ": set the columns of that condition in columns(...), or nothing"
                            + " keeps a second row of the key out (unless somebody changed the row at once). It was"
                            + " committed, if not in a caller's transaction: remove it",
                    null);
        }
        return new ArbiterFailedException(
                "the row that was inserted into " + table + " was gone when it was read back: somebody deleted it, or a"
                        + " trigger changed its key",
                null);
    }

    ArbiterFailedException conflictWithoutARow(int times, SQLException e) {
        return new ArbiterFailedException(
                "the insert into " + table + " met a row of its key " + times + " times, and reading it back found"
                        + " none: is the row deleted all the time, or hidden by a row security policy, or does the"
                        + " column compare differently from its index?",
                e);
    }

    ArbiterFailedException otherConstraint(UniqueViolation violation, Set<String> keyConstraints) {
        return new ArbiterFailedException(
                "the insert into " + table + " violates "
                        + violation
                                .constraint()
                                .map(name -> "the constraint " + name)
                                .orElse("an unnamed constraint")
                        + ", which is not its key's (" + String.join(", ", new TreeSet<>(keyConstraints))
                        + "): the candidate is at fault, and nobody got there first",
                violation.exception());
    }
}
