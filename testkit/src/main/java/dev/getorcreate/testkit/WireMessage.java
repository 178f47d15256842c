package dev.getorcreate.testkit;

import dev.getorcreate.testkit.TcpProxy.Direction;

/** A kind of message that a test can name. */
public interface WireMessage {

    /** Whether a part that goes this way is one. */
    boolean is(Direction direction, byte[] part);
}
