package dev.getorcreate.jdbc;

import dev.getorcreate.ArbiterFailedException;
import dev.getorcreate.Ruling;
import dev.getorcreate.jdbc.Failures.NotConnectedException;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** One insert with all that may happen to it. Used once, by one thread. */
final class Insertion<K, V> {

    /** A row may be deleted between the conflict and the reading back; more often than this, something else is wrong. */
    private static final int CONFLICTS_WITHOUT_A_ROW = 3;

    private final Settings<K, V> settings;
    private final KeyedTable<K, V> table;
    private final K key;
    private final V candidate;
    private final Refusals refusals;
    private final Attempts attempts;

    /** An insert of ours may have taken effect, or may still do so: from now on, a row that is found may be ours. */
    private boolean unclear;

    /**
     * One insert.
     *
     * @param unclear whether another one of this candidate was sent before, and lost its answer
     */
    Insertion(Settings<K, V> settings, KeyedTable<K, V> table, K key, V candidate, boolean unclear) {
        this.unclear = unclear;
        this.settings = settings;
        this.table = table;
        this.key = key;
        this.candidate = candidate;
        this.refusals = new Refusals(settings);
        this.attempts = new Attempts(settings.statementTimeout());
    }

    Ruling<V> run() {
        int withoutARow = 0;
        while (true) {
            try {
                return Ruling.created(inserted());
            } catch (NotConnectedException e) {
                // Without an unclear insert nothing was sent, and the pool has done its own waiting, or we have.
                if (!unclear || !attempts.again(e)) {
                    throw unclear ? refusals.unclear(e) : refusals.notConnected(e);
                }
            } catch (SQLException e) {
                Optional<UniqueViolation> violation = UniqueViolation.find(e);
                if (violation.isPresent()) {
                    Optional<V> winner = afterViolation(violation.get());
                    if (winner.isPresent()) {
                        return unclear ? recovered(winner.get()) : Ruling.adopted(winner.get());
                    }
                    if (++withoutARow == CONFLICTS_WITHOUT_A_ROW) {
                        throw refusals.conflictWithoutARow(withoutARow, e);
                    }
                } else {
                    Optional<V> row = afterFailure(e);
                    if (row.isPresent()) {
                        return recovered(row.get());
                    }
                }
            }
        }
    }

    /** The row as the database has it, committed: what stands there now is what the insert made, unless it is gone. */
    private V inserted() throws SQLException {
        SQLException reason;
        try (Session own = table.toInsert(attempts)) {
            Optional<V> row = table.insert(own, key, candidate);
            try {
                // On the same connection: to wait for another one may be to wait for long, and the row is there.
                return (row.isPresent() ? row : table.select(own, key)).orElseThrow(refusals::goneAtOnce);
            } catch (SQLException e) {
                reason = e;
            }
        }
        return find(reason).orElseThrow(refusals::goneAtOnce);
    }

    /** The row after an unclear failure; empty means: insert again. */
    private Optional<V> afterFailure(SQLException e) {
        boolean lost = table.dialect().connectionLost(e);
        if (!lost && !table.dialect().isTransient(e)) {
            throw unclear ? refusals.unclear(e) : refusals.of("insert", table.dialect(), e);
        }
        if (!attempts.again(e)) {
            throw lost || unclear ? refusals.unclear(e) : refusals.stillInTheWay(e);
        }
        if (!lost) {
            return Optional.empty();
        }
        unclear = true;
        return find(e);
    }

    /**
     * The winner's row; empty if the key's row was there and is gone again. Rivals for a key often have more than that in
     * common, say an id made from it, and which of two violated constraints is reported is the database's affair: so the
     * key's row is looked for in any case. Where there is none, another constraint's violation is an error.
     */
    private Optional<V> afterViolation(UniqueViolation violation) {
        Optional<V> row = find(violation.exception());
        if (row.isEmpty() && !isOfKey(violation)) {
            throw refusals.otherConstraint(violation, table.keyConstraints());
        }
        return row;
    }

    private boolean isOfKey(UniqueViolation violation) {
        try {
            return table.isKeyConflict(violation);
        } catch (SQLException e) {
            throw refusals.of("look-up of constraints", table.dialect(), e);
        }
    }

    /** By a new statement, on a new connection: the one that met the conflict may have an older snapshot, or be gone. */
    private Optional<V> find(SQLException reason) {
        while (true) {
            try (Session own = table.own()) {
                return table.select(own, key);
            } catch (SQLException e) {
                boolean passes = e instanceof NotConnectedException
                        || table.dialect().connectionLost(e)
                        || table.dialect().isTransient(e);
                if (!passes || !attempts.again(e)) {
                    e.addSuppressed(reason);
                    throw unclear ? refusals.unclear(e) : refusals.of("find", table.dialect(), e);
                }
            }
        }
    }

    private Ruling<V> recovered(V row) {
        Function<? super V, ?> identity = settings.identity();
        if (identity == null) {
            return Ruling.recovered(row);
        }
        Object mine = identity.apply(candidate);
        if (mine == null) {
            throw new ArbiterFailedException(
                    "identity gave null for a candidate; it must give what tells this candidate from any other", null);
        }
        return Objects.equals(mine, identity.apply(row)) ? Ruling.created(row) : Ruling.adopted(row);
    }
}
