package dev.getorcreate.redis;

import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.getorcreate.spi.TimeSource;
import io.lettuce.core.protocol.CommandType;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;

class PulseTest {

    private static final int ROUNDS = 50_000;

    private static void pong(Reply<?> ping) {
        if (ping.getType() == CommandType.PING) {
            ping.complete();
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
}
