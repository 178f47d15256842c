package dev.getorcreate.testkit;

import dev.getorcreate.testkit.TcpProxy.Direction;

/** Packets of MariaDB's protocol, which is MySQL's too: a question, and where its answer begins and ends. */
public enum MariaDbPacket implements WireMessage {
    /** COM_QUERY: a statement as text. */
    QUERY(Direction.TO_SERVER) {
        @Override
        boolean is(int number, int first, int length) {
            return number == 0 && first == 0x03;
        }
    },
    /** The first packet of an answer: OK, an error, or the number of columns. */
    ANSWER(Direction.TO_CLIENT) {
        @Override
        boolean is(int number, int first, int length) {
            return number == 1;
        }
    },
    /** What ends an answer: OK, an error, or the end of the rows. */
    END_OF_ANSWER(Direction.TO_CLIENT) {
        @Override
        boolean is(int number, int first, int length) {
            return number == 1 ? first == 0x00 || first == 0xff : number > 1 && first == 0xfe && length < 0xffff;
        }
    };

    private static final int HEADER = 4;

    private final Direction direction;

    MariaDbPacket(Direction direction) {
        this.direction = direction;
    }

    /** Which way it goes. */
    public Direction direction() {
        return direction;
    }

    @Override
    public boolean is(Direction way, byte[] part) {
        return way == direction && part.length > HEADER && is(part[3] & 0xff, part[HEADER] & 0xff, part.length);
    }

    abstract boolean is(int number, int first, int length);
}
