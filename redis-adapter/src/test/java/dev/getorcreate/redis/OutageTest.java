package dev.getorcreate.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.testkit.CapturedLog;
import io.lettuce.core.RedisConnectionException;
import java.net.ConnectException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OutageTest {

    private static final Throwable AWAY =
            new RedisConnectionException("unable to connect", new ConnectException("Connection refused"));

    @Test
    void itIsSaidAtItsBeginAndThenNowAndThen() {
        try (CapturedLog log = new CapturedLog("dev.getorcreate.redis")) {
            Outage seldom = new Outage("Redis at a", TimeUnit.HOURS.toNanos(1));
            seldom.lost();
            seldom.goesOn(AWAY);
            seldom.goesOn(AWAY);
            assertEquals(1, log.lines().size(), log.lines()::toString);
            Outage often = new Outage("Redis at b", 0);
            often.lost();
            often.goesOn(AWAY);
            assertEquals(3, log.lines().size(), log.lines()::toString);
            String last = log.lines().get(2);
            assertTrue(
                    last.contains("Redis at b is still away after 0 s") && last.contains("Connection refused"), last);
            often.end();
            often.goesOn(AWAY);
            assertEquals(4, log.lines().size(), "after its end there is none");
        }
    }
}
