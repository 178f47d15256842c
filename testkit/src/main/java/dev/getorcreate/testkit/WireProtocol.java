package dev.getorcreate.testkit;

import dev.getorcreate.testkit.TcpProxy.Direction;

/** How the bytes of a connection fall into the parts that a {@link TcpProxy} looks at. Neither TLS nor compression. */
public enum WireProtocol {
    /** Any: a part is what arrived together. */
    ANY {
        @Override
        Frames frames(Direction direction) {
            return new Frames((bytes, from, to) -> to - from);
        }
    },
    /** PostgreSQL's: a part is a message; see {@link PostgresMessage}. */
    POSTGRES {
        @Override
        Frames frames(Direction direction) {
            return new Frames(direction == Direction.TO_SERVER ? new FromPostgresClient() : new FromPostgres());
        }
    },
    /** MariaDB's and MySQL's: a part is a packet; see {@link MariaDbPacket}. */
    MARIADB {
        @Override
        Frames frames(Direction direction) {
            return new Frames((bytes, from, to) -> to - from < 4
                    ? Frames.UNKNOWN
                    : 4 + (bytes[from] & 0xff) + ((bytes[from + 1] & 0xff) << 8) + ((bytes[from + 2] & 0xff) << 16));
        }
    };

    /** For one direction of one connection. */
    abstract Frames frames(Direction direction);

    /** What opens a connection has a length and no type; a client may ask for encryption first. */
    private static final class FromPostgresClient implements Frames.Length {
        private boolean started;

        @Override
        public int of(byte[] bytes, int from, int to) {
            if (started) {
                return to - from < 5 ? Frames.UNKNOWN : 1 + Frames.bigEndian(bytes, from + 1);
            }
            if (to - from < 8) {
                return Frames.UNKNOWN;
            }
            int length = Frames.bigEndian(bytes, from);
            int version = Frames.bigEndian(bytes, from + 4) >>> 16;
            started = version == 3 && to - from >= length;
            return length;
        }
    }

    /** It answers a wish for encryption by one letter. */
    private static final class FromPostgres implements Frames.Length {
        private boolean started;

        @Override
        public int of(byte[] bytes, int from, int to) {
            if (!started && to > from && bytes[from] == 'N') {
                return 1;
            }
            started |= to > from;
            return to - from < 5 ? Frames.UNKNOWN : 1 + Frames.bigEndian(bytes, from + 1);
        }
    }
}
