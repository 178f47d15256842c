package dev.getorcreate.proof.processes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.getorcreate.testkit.PostgresServer;
import dev.getorcreate.testkit.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PushedChangesIT {

    private static final int CHANGES = 100;

    private static RedisServer redis;
    private static PostgresServer postgres;

    @BeforeAll
    static void servers() {
        redis = Scene.needRedis();
        postgres = Scene.needPostgres();
    }

    @AfterAll
    static void end() {
        if (redis != null) {
            redis.close();
        }
    }

    /** Entries live for a minute and are vouched for all the time: without the push, readers would stay with the old. */
    @Test
    void anInvalidationReachesTheEntriesOfOtherProcessesByPush() {
        try (Scene scene = new Scene(redis, postgres)) {
            List<CacheClient> processes = scene.start(3, setup -> setup.maxStaleness(Duration.ofSeconds(20)));
            List<CacheClient> readers = processes.subList(1, 3);
            scene.insertRow("k", "v0");
            List<Request> watches =
                    readers.stream().map(reader -> reader.watch("k", "v0")).toList();
            Map<String, Long> invalidated = new HashMap<>();
            for (int i = 1; i <= CHANGES; i++) {
                String value = "v" + i;
                scene.changeRow("k", value);
                invalidated.put("v" + (i - 1), processes.get(0).invalidate("k").beganNanos());
                watches.forEach(watch -> watch.awaitSaid("local-" + value));
            }
            List<Long> lags = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                lags.addAll(lags(readers.get(i).seen(watches.get(i)), invalidated));
                assertEquals(0, readers.get(i).stat("sharedStoreErrors"), "the connection was never given up");
            }
            Collections.sort(lags);
            System.out.printf(
                    "Other processes began their last call that was answered with the old value: p50 %d us, p99 %d us, max %d us after invalidate was called (%d cases)%n",
                    lags.get(lags.size() / 2),
                    lags.get(lags.size() * 99 / 100),
                    lags.get(lags.size() - 1),
                    lags.size());
        }
    }

    /** In microseconds; 0 where the reader knew before the caller of invalidate did. */
    private static List<Long> lags(List<Spans.Span> seen, Map<String, Long> invalidated) {
        Map<String, Long> lastSeen = new HashMap<>();
        seen.forEach(span -> lastSeen.merge(span.value(), span.lastNanos(), Math::max));
        List<Long> lags = new ArrayList<>();
        invalidated.forEach((old, at) -> lags.add(Math.max(0, lastSeen.get(old) - at) / 1000));
        assertEquals(CHANGES, lags.size());
        return lags;
    }
}
