package dev.getorcreate.redis;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.Invalidation;
import dev.getorcreate.spi.Claim;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.Published;
import dev.getorcreate.spi.SharedSpace;
import dev.getorcreate.spi.TimeSource;
import dev.getorcreate.spi.Token;
import dev.getorcreate.spi.Vouch;
import dev.getorcreate.spi.Watch;
import dev.getorcreate.testkit.Closing;
import dev.getorcreate.testkit.RedisSentinels;
import dev.getorcreate.testkit.RedisServer;
import dev.getorcreate.testkit.Servers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What happens when Sentinels make a replica the upstream. */
@Tag("once")
class SentinelMovesIT {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Watch NOBODY = vouch -> {};
    private static final byte[] PAYLOAD = "v".getBytes(StandardCharsets.UTF_8);

    private final List<AutoCloseable> opened = new ArrayList<>();
    private RedisSentinels sentinels;

    @BeforeEach
    void start() {
        sentinels = Servers.need("Redis Sentinels", () -> RedisSentinels.start("main"));
    }

    @AfterEach
    void stop() {
        Closing.lastFirst(sentinels, () -> Closing.lastFirst(opened));
    }

    private SharedSpace<String> process(Set<String> told) {
        RedisSharedStore store = RedisSharedStore.builder(sentinels.uri())
                .commandTimeout(Duration.ofSeconds(1))
                .build();
        opened.add(store);
        return store.open("moving", KeyCodec.string(), "utf8", told::add);
    }

    private static void publish(SharedSpace<String> space, String key) {
        Claim claim = new Claim(Token.random(), Duration.ofSeconds(2), () -> {});
        assertInstanceOf(Look.Granted.class, space.claim(key, claim, null, NOBODY));
        assertEquals(Published.PUBLISHED, space.publish(key, claim, PAYLOAD, LONG, NOBODY));
    }

    private static Vouch read(SharedSpace<String> space, String key) {
        AtomicReference<Vouch> word = new AtomicReference<>();
        assertInstanceOf(Look.Present.class, space.look(key, word::set));
        return word.get();
    }

    private static boolean isOver(Vouch word) {
        return word.servableUntil() <= TimeSource.system().nanoTime();
    }

    @Test
    void afterTheUpstreamDiedThePromotedOneIsUsedAndTellsOfChanges() {
        Set<String> told = ConcurrentHashMap.newKeySet();
        SharedSpace<String> writer = process(ConcurrentHashMap.newKeySet());
        SharedSpace<String> reader = process(told);
        publish(writer, "k");
        Vouch word = read(reader, "k");
        RedisServer old = sentinels.upstream();
        old.kill();
        await().untilAsserted(() -> assertTrue(isOver(word)));
        sentinels.awaitUpstreamOtherThan(old);
        await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> publish(writer, "after"));
        await().atMost(PATIENCE).ignoreExceptions().until(() -> !isOver(read(reader, "after")));
        assertEquals(Invalidation.CONFIRMED, writer.invalidate("after"));
        await().untilAsserted(() -> assertTrue(told.contains("after")));
    }

    @Test
    void aDemotedUpstreamIsLeft() {
        SharedSpace<String> space = process(ConcurrentHashMap.newKeySet());
        publish(space, "k");
        Vouch word = read(space, "k");
        sentinels.failover();
        await().untilAsserted(() -> assertTrue(isOver(word)));
        await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> publish(space, "after"));
    }

    @Test
    void anInvalidationThatThePromotedReplicaMissedIsSentAgain() {
        SharedSpace<String> space = process(ConcurrentHashMap.newKeySet());
        publish(space, "k");
        failOverWithoutReplicating(old -> assertEquals(Invalidation.CONFIRMED, space.invalidate("k")));
        awaitNothing(space, "k");
    }

    @Test
    void anInvalidationOfTheWholeCacheThatThePromotedReplicaMissedIsDoneAgain() {
        SharedSpace<String> space = process(ConcurrentHashMap.newKeySet());
        publish(space, "k");
        failOverWithoutReplicating(old -> assertEquals(Invalidation.CONFIRMED, space.invalidateAll()));
        awaitNothing(space, "k");
    }

    @Test
    void whereTooManyWereConfirmedToRememberEachTheWholeCacheIsInvalidated() {
        RedisSharedStore store = RedisSharedStore.builder(sentinels.uri())
                .commandTimeout(Duration.ofSeconds(1))
                .maxPendingInvalidations(2)
                .build();
        opened.add(store);
        SharedSpace<String> space = store.open("moving", KeyCodec.string(), "utf8", key -> {});
        publish(space, "k");
        failOverWithoutReplicating(old -> List.of("k", "a", "b", "c")
                .forEach(key -> assertEquals(Invalidation.CONFIRMED, space.invalidate(key))));
        awaitNothing(space, "k");
    }

    @Test
    void anInvalidationIsNotForgottenWhileNobodyIsPromoted() {
        SharedSpace<String> space = process(ConcurrentHashMap.newKeySet());
        publish(space, "k");
        // Redis' default is 30 s; that this is longer than what is remembered of a link that is well is what counts.
        sentinels
                .sentinels()
                .forEach(each -> assertEquals(
                        "OK", each.command("SENTINEL", "SET", "main", "down-after-milliseconds", "12000")));
        failOverWithoutReplicating(old -> assertEquals(Invalidation.CONFIRMED, space.invalidate("k")));
        awaitNothing(space, "k");
    }

    /** From the freezing on nothing reaches the replicas any more, though the upstream confirms. */
    private void failOverWithoutReplicating(Consumer<RedisServer> last) {
        sentinels.awaitReplicas();
        RedisServer old = sentinels.upstream();
        List<RedisServer> replicas = sentinels.servers().stream()
                .filter(server -> server.port() != old.port())
                .toList();
        replicas.forEach(RedisServer::freeze);
        old.command("CLIENT", "KILL", "TYPE", "replica"); // or it would wait for them in the network's buffers
        last.accept(old);
        old.kill();
        replicas.forEach(RedisServer::thaw);
        sentinels.awaitUpstreamOtherThan(old);
    }

    private static void awaitNothing(SharedSpace<String> space, String key) {
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> assertInstanceOf(Look.Nothing.class, space.look(key, NOBODY)));
    }
}
