package dev.getorcreate.testkit;

import dev.getorcreate.testkit.TcpProxy.Direction;

/**
 * Messages of PostgreSQL's protocol, by the names that its manual has for them ("Message Formats"), in the order in which
 * they go over the wire for one statement.
 */
public enum PostgresMessage implements WireMessage {
    PARSE(Direction.TO_SERVER, 'P'),
    BIND(Direction.TO_SERVER, 'B'),
    DESCRIBE(Direction.TO_SERVER, 'D'),
    EXECUTE(Direction.TO_SERVER, 'E'),
    /** In autocommit it is what commits. */
    SYNC(Direction.TO_SERVER, 'S'),
    PARSE_COMPLETE(Direction.TO_CLIENT, '1'),
    BIND_COMPLETE(Direction.TO_CLIENT, '2'),
    ROW_DESCRIPTION(Direction.TO_CLIENT, 'T'),
    DATA_ROW(Direction.TO_CLIENT, 'D'),
    COMMAND_COMPLETE(Direction.TO_CLIENT, 'C'),
    ERROR_RESPONSE(Direction.TO_CLIENT, 'E'),
    READY_FOR_QUERY(Direction.TO_CLIENT, 'Z');

    private final Direction direction;
    private final char type;

    PostgresMessage(Direction direction, char type) {
        this.direction = direction;
        this.type = type;
    }

    /** Which way it goes. */
    public Direction direction() {
        return direction;
    }

    @Override
    public boolean is(Direction way, byte[] part) {
        return way == direction && part[0] == type;
    }
}
