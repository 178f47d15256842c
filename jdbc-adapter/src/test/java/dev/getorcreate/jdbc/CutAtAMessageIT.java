package dev.getorcreate.jdbc;

import dev.getorcreate.testkit.PostgresMessage;
import dev.getorcreate.testkit.TcpProxy;
import dev.getorcreate.testkit.WireMessage;
import java.util.EnumSet;
import java.util.stream.Stream;
import javax.sql.DataSource;

/** PostgreSQL: one statement is many messages. */
class CutAtAMessageIT extends CutAtAMessageContract {

    @Override
    TcpProxy proxy() {
        return Postgres.proxy();
    }

    @Override
    DataSource direct() {
        return Postgres.dataSource();
    }

    @Override
    DataSource through(TcpProxy proxy) {
        return Postgres.through(proxy);
    }

    @Override
    Stream<WireMessage> ofAnInsert() {
        return Stream.of(PostgresMessage.values())
                .filter(it -> it != PostgresMessage.ERROR_RESPONSE)
                .map(it -> it);
    }

    /** It has no row; a DATA_ROW is the one that is read back. */
    @Override
    Stream<WireMessage> ofAConflict() {
        return Stream.of(PostgresMessage.values());
    }

    @Override
    Stream<WireMessage> ofACommit() {
        return EnumSet.of(
                        PostgresMessage.PARSE,
                        PostgresMessage.BIND,
                        PostgresMessage.EXECUTE,
                        PostgresMessage.SYNC,
                        PostgresMessage.PARSE_COMPLETE,
                        PostgresMessage.COMMAND_COMPLETE,
                        PostgresMessage.READY_FOR_QUERY)
                .stream()
                .map(it -> it);
    }

    @Override
    Effect effectBefore(WireMessage message, String statement) {
        PostgresMessage it = (PostgresMessage) message;
        if (it.direction() == TcpProxy.Direction.TO_CLIENT) {
            return Effect.COMMITTED;
        }
        // In autocommit Sync commits; a COMMIT does so when it is executed, if that arrived before the reset.
        return it == PostgresMessage.SYNC && statement.equals("COMMIT") ? Effect.UNCLEAR : Effect.NONE;
    }
}
