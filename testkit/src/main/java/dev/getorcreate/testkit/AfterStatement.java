package dev.getorcreate.testkit;

import dev.getorcreate.testkit.TcpProxy.Direction;
import java.nio.charset.StandardCharsets;
import java.util.function.BiPredicate;

/** True of a message that follows a statement, or is the statement's own. */
final class AfterStatement implements BiPredicate<Direction, byte[]> {

    private final WireMessage message;
    private final String statement;

    /** Guarded by this; as is what follows. */
    private int left;

    private int done;
    private boolean seen;

    AfterStatement(WireMessage message, String statement, int times) {
        this.message = message;
        this.statement = statement;
        this.left = times;
    }

    @Override
    public synchronized boolean test(Direction direction, byte[] part) {
        if (left == 0) {
            return false;
        }
        if (direction == Direction.TO_SERVER && new String(part, StandardCharsets.ISO_8859_1).contains(statement)) {
            seen = true;
        }
        if (!seen || !message.is(direction, part)) {
            return false;
        }
        seen = false;
        left--;
        done++;
        return true;
    }

    synchronized int done() {
        return done;
    }
}
