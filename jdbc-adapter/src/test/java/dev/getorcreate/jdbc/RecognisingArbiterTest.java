package dev.getorcreate.jdbc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.Arbiter;
import dev.getorcreate.ArbiterFailedException;
import dev.getorcreate.Ruling;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Somebody's own repository, by {@link JdbcArbiter#of}, which is told of no constraint. */
class RecognisingArbiterTest extends RepositoryArbiterTest {

    private static final RuntimeException CONFLICT =
            new IllegalStateException(new SQLException("(conn=1) Duplicate entry 'a' for key 'uq'", "23000", 1062));

    @Override
    protected Arbiter<String, Entry> another() {
        return JdbcArbiter.of(this::find, this::save);
    }

    @Test
    void anotherConstraintsViolationIsTheCauseOfAnErrorThatAsksForIt() {
        AtomicInteger inserts = new AtomicInteger();
        Arbiter<String, String> arbiter = JdbcArbiter.of(key -> Optional.empty(), (key, candidate) -> {
            inserts.incrementAndGet();
            throw CONFLICT;
        });
        ArbiterFailedException e = assertThrows(ArbiterFailedException.class, () -> arbiter.insert("a", "1"));
        assertSame(CONFLICT, e.getCause());
        assertTrue(e.getMessage().contains("is it another constraint's"), e::getMessage);
        assertEquals(3, inserts.get());
    }

    /** As a session of Hibernate's after an exception, which it does not survive. */
    @Test
    void whatComesOfAnotherAttemptDoesNotHideTheViolation() {
        RuntimeException broken = new IllegalStateException("the session is unusable");
        AtomicInteger inserts = new AtomicInteger();
        RuntimeException conflict = new IllegalStateException(CONFLICT.getCause());
        Arbiter<String, String> arbiter = JdbcArbiter.of(key -> Optional.empty(), (key, candidate) -> {
            throw inserts.incrementAndGet() == 1 ? conflict : broken;
        });
        assertSame(conflict, assertThrows(RuntimeException.class, () -> arbiter.insert("a", "1")));
        assertArrayEquals(new Throwable[] {broken}, conflict.getSuppressed());
    }

    @Test
    void anInterruptOfAnotherAttemptIsOne() {
        InterruptedException interrupt = new InterruptedException();
        AtomicInteger inserts = new AtomicInteger();
        RuntimeException conflict = new IllegalStateException(CONFLICT.getCause());
        Arbiter<String, String> arbiter = JdbcArbiter.of(
                key -> Optional.empty(),
                (key, candidate) ->
                        RecognisingArbiterTest.<Error>sneakily(inserts.incrementAndGet() == 1 ? conflict : interrupt));
        assertSame(interrupt, assertThrows(Exception.class, () -> arbiter.insert("a", "1")));
        assertArrayEquals(new Throwable[] {conflict}, interrupt.getSuppressed());
    }

    /** Whoever is told so may try the whole again, and would not for a violation. */
    @Test
    void whatPassesByItselfInAnotherAttemptIsTold() {
        for (Exception passes : List.of(
                new SQLTransientException(),
                new IllegalStateException(new SQLRecoverableException()),
                new SQLNonTransientConnectionException(),
                new SQLException("connection", "08006"),
                new IllegalStateException(new SQLException("serialization", "40001")))) {
            RuntimeException conflict = new IllegalStateException(CONFLICT.getCause());
            AtomicInteger inserts = new AtomicInteger();
            Arbiter<String, String> arbiter = JdbcArbiter.of(
                    key -> Optional.empty(),
                    (key, candidate) ->
                            RecognisingArbiterTest.<Error>sneakily(inserts.incrementAndGet() == 1 ? conflict : passes));
            ArbiterFailedException e =
                    assertThrows(ArbiterFailedException.class, () -> arbiter.insert("a", "1"), passes::toString);
            assertSame(passes, e.getCause());
            assertArrayEquals(new Throwable[] {conflict}, e.getSuppressed());
        }
    }

    /** As where somebody throws the same ones all the time. */
    @Test
    void whatIsSuppressedIsSoOnce() {
        RuntimeException broken = new IllegalStateException("the session is unusable");
        RuntimeException conflict = new IllegalStateException(CONFLICT.getCause());
        AtomicInteger inserts = new AtomicInteger();
        Arbiter<String, String> arbiter = JdbcArbiter.of(key -> Optional.empty(), (key, candidate) -> {
            throw inserts.incrementAndGet() % 2 == 1 ? conflict : broken;
        });
        for (int i = 0; i < 2; i++) {
            assertSame(conflict, assertThrows(RuntimeException.class, () -> arbiter.insert("a", "1")));
        }
        assertArrayEquals(new Throwable[] {broken}, conflict.getSuppressed());
    }

    @Test
    void aWinnerThatIsGoneWhenReadBackLetsTheInsertTryAgain() {
        AtomicInteger inserts = new AtomicInteger();
        Arbiter<String, String> arbiter = JdbcArbiter.of(key -> Optional.empty(), (key, candidate) -> {
            if (inserts.incrementAndGet() == 1) {
                throw CONFLICT;
            }
            return candidate;
        });
        assertEquals(Ruling.created("1"), arbiter.insert("a", "1"));
    }

    /** As Kotlin and {@code @SneakyThrows} do. */
    @Test
    void aConflictThatNoSignatureNamesIsRecognised() {
        Arbiter<String, String> arbiter = JdbcArbiter.of(
                key -> Optional.of("theirs"),
                (key, candidate) -> RecognisingArbiterTest.<Error>sneakily(
                        new SQLException("Duplicate entry 'a' for key 'uq'", "23000", 1062)));
        assertEquals(Ruling.adopted("theirs"), arbiter.insert("a", "1"));
    }

    @SuppressWarnings("unchecked") // that is the trick
    private static <E extends Throwable> String sneakily(Throwable thrown) throws E {
        throw (E) thrown;
    }

    @Test
    void anErrorThatIsNoConflictSurfacesEvenWhereTheRowStands() {
        RuntimeException broken = new IllegalStateException(new SQLException("a foreign key", "23000", 1452));
        Arbiter<String, String> arbiter = JdbcArbiter.of(key -> Optional.of("theirs"), (key, candidate) -> {
            throw broken;
        });
        assertSame(broken, assertThrows(RuntimeException.class, () -> arbiter.insert("a", "1")));
    }
}
