package dev.getorcreate.redis;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.spi.TimeSource;
import io.lettuce.core.protocol.CommandType;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class PulseTest {

    private static final int ROUNDS = 50_000;

    private static void pong(Reply<?> ping) {
        if (ping.getType() == CommandType.PING) {
            Wire.answer(ping, "PONG");
        }
    }

    private static int doubts(Pulse pulse) {
        int first = 0;
        for (int round = 0; round < ROUNDS; round++) {
            first += pulse.doubt() ? 1 : 0;
        }
        return first;
    }

    /** Each PING is answered at once, so whoever doubts is over it when all have asked. */
    @RepeatedTest(30) // it happens in one of several
    void aDoubtThatComesJustBehindTheAnswerEndsToo() throws Exception {
        try (RedisSharedStore store = Wire.store()) {
            Pulse pulse = new Wire(store.routes().home(new byte[0]), TimeSource.system(), PulseTest::pong).link.pulse();
            CyclicBarrier start = new CyclicBarrier(2);
            FutureTask<Integer> other = new FutureTask<>(() -> start.await() + doubts(pulse));
            Thread thread = new Thread(other, "doubting");
            thread.setDaemon(true);
            thread.start();
            start.await(10, TimeUnit.SECONDS);
            int first = doubts(pulse) + other.get(60, TimeUnit.SECONDS);
            assertFalse(pulse.isSuspect(), () -> first + " had a PING sent");
        }
    }

    /** Whoever has an other's answer takes every later one for what it is not. */
    @Test
    void aPingThatIsAnsweredByWhatIsNoPongEndsTheLink() {
        try (RedisSharedStore store = Wire.store()) {
            Wire wire = new Wire(store.routes().home(new byte[0]), TimeSource.system());
            wire.link.pulse().ask();
            wire.answer(CommandType.PING, "PONG");
            assertFalse(wire.link.isLost());
            wire.link.pulse().ask();
            wire.answer(CommandType.PING, "of another key");
            assertTrue(wire.link.isLost());
        }
    }
}
