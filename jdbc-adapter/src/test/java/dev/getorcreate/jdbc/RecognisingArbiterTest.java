package dev.getorcreate.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.getorcreate.Arbiter;
import dev.getorcreate.Ruling;
import java.sql.SQLException;
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
    void anotherConstraintsViolationSurfacesAsItWasThrown() {
        AtomicInteger inserts = new AtomicInteger();
        Arbiter<String, String> arbiter = JdbcArbiter.of(key -> Optional.empty(), (key, candidate) -> {
            inserts.incrementAndGet();
            throw CONFLICT;
        });
        assertSame(CONFLICT, assertThrows(RuntimeException.class, () -> arbiter.insert("a", "1")));
        assertEquals(2, inserts.get());
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
