package dev.getorcreate.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.getorcreate.jdbc.Failures.NotConnectedException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** A pool whose connections lead to two servers, as after a switchover where the old primary stays up. */
class PrimaryTest {

    /** A connection as a driver has it; asked whether it takes writes, by the dialect here. */
    private static final class Physical {
        boolean demoted;
        boolean wraps = true;
        int asked;
        int aborted;

        final Connection connection = proxy(Connection.class, (name, self) -> switch (name) {
            case "getAutoCommit" -> true;
            case "unwrap" -> self;
            case "abort" -> aborted++;
            default -> throw new UnsupportedOperationException(name);
        });

        /** What a pool gives in its place, another one each time. */
        Connection borrowed() {
            return proxy(Connection.class, (name, self) -> switch (name) {
                case "getAutoCommit" -> true;
                case "getMetaData" -> null;
                case "unwrap" -> {
                    if (!wraps) {
                        throw new SQLFeatureNotSupportedException(name);
                    }
                    yield connection;
                }
                case "isReadOnly" -> {
                    asked++;
                    yield demoted;
                }
                case "abort" -> aborted++;
                case "close" -> null;
                default -> throw new UnsupportedOperationException(name);
            });
        }
    }

    private interface Answer {
        Object to(String method, Object self) throws SQLException;
    }

    private static <T> T proxy(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                PrimaryTest.class.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    Object result =
                            switch (method.getName()) {
                                case "hashCode" -> System.identityHashCode(self);
                                case "equals" -> self == arguments[0];
                                case "toString" -> "proxy";
                                default -> answer.to(method.getName(), self);
                            };
                    return method.getReturnType() == void.class ? null : result;
                }));
    }

    private static final Dialect DIALECT = (Dialect) Proxy.newProxyInstance(
            PrimaryTest.class.getClassLoader(),
            new Class<?>[] {Dialect.class},
            (self, method, arguments) -> switch (method.getName()) {
                case "demotesConnections" -> true;
                case "refusesWrites" ->
                    ((Connection) arguments[0]).isReadOnly() ? Optional.of("it is a replica") : Optional.empty();
                default -> throw new UnsupportedOperationException(method.toString());
            });

    private final Deque<Physical> next = new ArrayDeque<>();
    private final DataSource pool =
            proxy(DataSource.class, (name, self) -> next.remove().borrowed());
    private final Primary primary = new Primary(DIALECT);
    private final Physical one = new Physical();
    private final Physical other = new Physical();

    private void require(Physical physical) throws SQLException {
        next.add(physical);
        try (Session session = OwnConnection.open(pool, Duration.ofSeconds(5), true)) {
            primary.require(session);
        }
    }

    private void assertRefused(Physical physical) {
        assertThrows(NotConnectedException.class, () -> require(physical));
    }

    @Test
    void oneConnectionsAnswerSaysNothingOfAnother() throws Exception {
        require(one);
        other.demoted = true;
        for (int i = 0; i < 3; i++) {
            assertRefused(other);
            require(one);
        }
        assertEquals(1, one.asked, "it answered just now");
        assertEquals(3, other.asked);
    }

    @Test
    void oneThatCannotBeUnwrappedIsAskedEachTimeItIsGiven() throws Exception {
        one.wraps = false;
        require(one);
        one.demoted = true;
        assertRefused(one);
    }

    /** Or the pool would give it again; and of a server that is read-only for a while each would be made anew. */
    @Test
    void theFirstThatIsRefusedIsGivenUpAndNotAllOfThem() {
        one.demoted = true;
        other.demoted = true;
        assertRefused(one);
        assertRefused(other);
        assertEquals(1, one.aborted);
        assertEquals(0, other.aborted);
    }
}
