package dev.getorcreate.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.testkit.CapturedLog;
import io.lettuce.core.RedisCommandExecutionException;
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

    /** As of several nodes that are asked in turn: one refuses, the next one is down. */
    @Test
    void aRefusalIsSaidOnceThoughOtherFailuresComeBetween() {
        RedisCommandExecutionException refusal = new RedisCommandExecutionException("WRONGPASS invalid password");
        try (CapturedLog log = new CapturedLog("dev.getorcreate.redis")) {
            Outage outage = new Outage("Redis at a", TimeUnit.HOURS.toNanos(1));
            outage.begin();
            for (int i = 0; i < 3; i++) {
                outage.goesOn(refusal);
                outage.goesOn(AWAY);
            }
            assertEquals(1, log.lines().size(), log.lines()::toString);
            outage.end();
            outage.goesOn(refusal);
            assertEquals(3, log.lines().size(), log.lines()::toString);
        }
    }
}
