package dev.getorcreate.proof.processes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.Invalidation;
import dev.getorcreate.Source;
import dev.getorcreate.testkit.PostgresServer;
import dev.getorcreate.testkit.RedisServer;
import dev.getorcreate.testkit.TcpProxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * I5: how long a process serves an entry after another one's invalidation of it was confirmed. Where it is not said, there
 * is no slack: what is compared is the moment when the last call that was answered with the old value began.
 */
class StaleEntriesIT {

    private static final Duration MAX_STALENESS = Duration.ofSeconds(1);

    private static final int AIMED = 50;

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

    /**
     * The connection stays open and says nothing: only the unanswered PING tells. The command time-out is long, so that
     * the connection is not given up before the entry must be.
     */
    @Test
    void anEntryWhoseConnectionDiedSilentlyIsServedForAtMostMaxStalenessAndSharingComesBack() {
        try (TcpProxy proxy = TcpProxy.to(redis.port());
                Scene scene = new Scene(redis, postgres)) {
            CacheClient changer = scene.start(StaleEntriesIT::strict);
            CacheClient reader = scene.start(
                    setup -> strict(setup).with("commandTimeout", "PT4S").redis(through(proxy)));
            scene.insertRow("k", "old");
            Request watch = reader.watch("k", "old");
            proxy.blackHole(true);
            changeAndSee(scene, changer, reader, watch);
            proxy.blackHole(false);
            awaitSharing(changer, reader);
        }
    }

    @Test
    void anEntryWhoseConnectionWasCutIsServedForAtMostMaxStalenessAndSharingComesBack() {
        try (TcpProxy proxy = TcpProxy.to(redis.port());
                Scene scene = new Scene(redis, postgres)) {
            CacheClient changer = scene.start(StaleEntriesIT::strict);
            CacheClient reader = scene.start(setup -> strict(setup).redis(through(proxy)));
            scene.insertRow("k", "old");
            Request watch = reader.watch("k", "old");
            proxy.refuse(true);
            proxy.cut();
            changeAndSee(scene, changer, reader, watch);
            proxy.refuse(false);
            awaitSharing(changer, reader);
        }
    }

    @Test
    void aProcessThatWasFrozenServesNothingOlderThanMaxStalenessOnceItIsThawed() {
        try (Scene scene = new Scene(redis, postgres)) {
            List<CacheClient> processes = scene.start(2, StaleEntriesIT::strict);
            CacheClient reader = processes.get(1);
            scene.insertRow("k", "old");
            Request watch = reader.watch("k", "old");
            reader.process().freeze();
            scene.changeRow("k", "new");
            long confirmed = processes.get(0).invalidateConfirmed("k");
            awaitNanos(confirmed + MAX_STALENESS.plusMillis(500).toNanos());
            reader.process().thaw();
            watch.awaitSaid("local-new");
            Spans.assertOldFor(MAX_STALENESS, reader.seen(watch), confirmed);
        }
    }

    /**
     * It thaws into silence: nothing but the clock tells that the entry is old. The coarse one tells it when its thread
     * had a turn, so this bound has slack, where the one above has none.
     */
    @Test
    void byTheCoarseClockAProcessThatWasFrozenServesNothingOldOnceItsThreadsHadATurn() {
        Duration aTurn = Duration.ofMillis(500);
        try (TcpProxy proxy = TcpProxy.to(redis.port());
                Scene scene = new Scene(redis, postgres)) {
            CacheClient changer = scene.start(StaleEntriesIT::strict);
            CacheClient reader = scene.start(setup -> strict(setup)
                    .with("commandTimeout", "PT4S")
                    .with("coarseClock", true)
                    .redis(through(proxy)));
            scene.insertRow("k", "old");
            Request watch = reader.watch("k", "old");
            proxy.blackHole(true);
            reader.process().freeze();
            scene.changeRow("k", "new");
            long confirmed = changer.invalidateConfirmed("k");
            awaitNanos(confirmed + MAX_STALENESS.plusMillis(500).toNanos());
            long thawed = System.nanoTime();
            reader.process().thaw();
            watch.awaitSaid("local-new");
            Spans.assertOldFor(aTurn, reader.seen(watch), thawed);
        }
    }

    /**
     * The order on the wire: the record's reply, the change right behind it, and only then the asking thread. Often
     * enough that some of the pushes overtake the thread that the reply has woken.
     */
    @Test
    void anAnswerThatWasUnderWayWhenItsKeyChangedIsNotKept() {
        Duration patient = Duration.ofSeconds(20);
        try (TcpProxy proxy = TcpProxy.to(redis.port());
                Scene scene = new Scene(redis, postgres)) {
            CacheClient changer = scene.start(setup -> setup);
            CacheClient reader = scene.start(
                    setup -> setup.redis(through(proxy)).maxStaleness(patient).with("commandTimeout", patient));
            reader.obtain("warm"); // so that the generation is known before any reply is held
            for (int i = 0; i < AIMED; i++) {
                String key = "k" + i;
                scene.insertRow(key, "old");
                changer.obtain(key);
                proxy.holdReplies(true);
                Request[] asking = new Request[1];
                scene.awaitReads(1, () -> asking[0] = reader.beginObtain(key));
                scene.changeRow(key, "new");
                changer.invalidateConfirmed(key);
                proxy.holdReplies(false);
                assertEquals(Source.SHARED, asking[0].answer().source());
                assertEquals("old", asking[0].answer().value(), "it asked before");
                Scene.soon()
                        .atMost(patient.dividedBy(4))
                        .until(() -> reader.obtain(key).value().equals("new"));
            }
        }
    }

    @Test
    void anInvalidationThatCouldNotBeSentIsKeptAndSentWhenContactReturns() {
        try (TcpProxy proxy = TcpProxy.to(redis.port());
                Scene scene = new Scene(redis, postgres)) {
            CacheClient changer = scene.start(setup -> strict(setup).redis(through(proxy)));
            CacheClient reader = scene.start(StaleEntriesIT::strict);
            scene.insertRow("k", "old");
            Request watch = reader.watch("k", "old");
            assertEquals("old", changer.obtain("k").value());
            proxy.refuse(true);
            proxy.cut();
            scene.changeRow("k", "new");
            Scene.soon().until(() -> changer.invalidate("k").result() == Invalidation.PENDING);
            assertEquals("new", changer.obtain("k").value(), "this process has forgotten its own entry");
            assertTrue(scene.inRedis("k").endsWith("old"), "it could not be sent");
            proxy.refuse(false);
            watch.awaitSaid("local-new");
            assertEquals("new", changer.obtain("k").value());
            reader.seen(watch);
        }
    }

    private static Setup strict(Setup setup) {
        return setup.maxStaleness(MAX_STALENESS);
    }

    private static String through(TcpProxy proxy) {
        return "redis://127.0.0.1:" + proxy.port();
    }

    private static void changeAndSee(Scene scene, CacheClient changer, CacheClient reader, Request watch) {
        scene.changeRow("k", "new");
        long confirmed = changer.invalidateConfirmed("k");
        watch.awaitSaid("local-new");
        Spans.assertOldFor(MAX_STALENESS, reader.seen(watch), confirmed);
    }

    private static void awaitSharing(CacheClient one, CacheClient other) {
        AtomicInteger fresh = new AtomicInteger();
        awaitTrue(() -> {
            String key = "fresh" + fresh.incrementAndGet();
            one.obtain(key);
            return other.obtain(key).source() == Source.SHARED;
        });
    }

    private static void awaitTrue(BooleanSupplier condition) {
        Scene.soon().until(condition::getAsBoolean);
    }

    private static void awaitNanos(long moment) {
        awaitTrue(() -> System.nanoTime() - moment > 0);
    }
}
