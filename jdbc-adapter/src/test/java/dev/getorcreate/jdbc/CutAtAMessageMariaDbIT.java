package dev.getorcreate.jdbc;

import dev.getorcreate.testkit.MariaDbPacket;
import dev.getorcreate.testkit.TcpProxy;
import dev.getorcreate.testkit.WireMessage;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;

@Tag("matrix")
class CutAtAMessageMariaDbIT extends CutAtAMessageContract {

    @Override
    TcpProxy proxy() {
        return MariaDb.proxy();
    }

    @Override
    DataSource direct() {
        return MariaDb.dataSource();
    }

    @Override
    DataSource through(TcpProxy proxy) {
        return MariaDb.through(proxy);
    }

    @Override
    Stream<WireMessage> ofAnInsert() {
        return Stream.of(MariaDbPacket.values());
    }

    @Override
    Stream<WireMessage> ofAConflict() {
        return Stream.of(MariaDbPacket.values());
    }

    @Override
    Stream<WireMessage> ofACommit() {
        return Stream.of(MariaDbPacket.values());
    }

    @Override
    Effect effectBefore(WireMessage message, String statement) {
        return message == MariaDbPacket.QUERY ? Effect.NONE : Effect.COMMITTED;
    }
}
