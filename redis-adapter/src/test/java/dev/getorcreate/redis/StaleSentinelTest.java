package dev.getorcreate.redis;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A Sentinel that is cut off from the others goes on naming the upstream that there was. */
class StaleSentinelTest {

    private final ScriptedRedis upstream = new ScriptedRedis();
    private final ScriptedRedis old = new ScriptedRedis();
    private final List<ScriptedRedis> sentinels =
            Stream.generate(ScriptedRedis::new).limit(3).toList();

    @AfterEach
    void close() {
        sentinels.forEach(ScriptedRedis::close);
        upstream.close();
        old.close();
    }

    private void name(ScriptedRedis server, Integer... by) {
        String address = ScriptedRedis.array(
                ScriptedRedis.bulk("127.0.0.1"), ScriptedRedis.bulk(Integer.toString(server.port())));
        for (int sentinel : by) {
            sentinels.get(sentinel).says(command -> command.startsWith("SENTINEL ") ? address : null);
        }
    }

    private RedisSharedStore store() {
        return RedisSharedStore.builder(sentinels.stream()
                        .map(each -> "127.0.0.1:" + each.port())
                        .collect(Collectors.joining(",", "redis-sentinel://", "#main")))
                .maxStaleness(Duration.ofMillis(200))
                .build();
    }

    private static List<Link> linked(RedisSharedStore store, ScriptedRedis to) {
        await().until(() -> store.links().stream().anyMatch(link -> link.name().equals("127.0.0.1:" + to.port())));
        return store.links();
    }

    @Test
    void oneAloneDoesNotEndTheLinkToAnUpstreamThatAnswers() {
        name(upstream, 0, 1, 2);
        try (RedisSharedStore store = store()) {
            List<Link> before = linked(store, upstream);
            name(old, 0);
            await().during(Duration.ofSeconds(1)).until(() -> store.links().equals(before));
        }
    }

    /** It answers as an upstream, and the Sentinel that named it agrees with it for ever. */
    @Test
    void theLinkToAnUpstreamThatOneAloneNamesIsLeftForTheOneThatMostName() {
        name(old, 0);
        name(upstream, 1, 2);
        try (RedisSharedStore store = store()) {
            linked(store, old);
            linked(store, upstream);
            List<Link> after = store.links();
            await().during(Duration.ofSeconds(1)).until(() -> store.links().equals(after));
        }
    }

    /** The others are cut off from this process, and not from each other. */
    @Test
    void anUpstreamThatAnswersIsNotLeftWhereOnlyOneCanBeAsked() {
        name(upstream, 0, 1, 2);
        try (RedisSharedStore store = store()) {
            List<Link> before = linked(store, upstream);
            sentinels.get(1).close();
            sentinels.get(2).close();
            name(old, 0);
            await().during(Duration.ofSeconds(2)).until(() -> store.links().equals(before));
        }
    }

    @Test
    void mostOfThemDo() {
        name(old, 0, 1, 2);
        try (RedisSharedStore store = store()) {
            linked(store, old);
            name(upstream, 0, 2);
            linked(store, upstream);
        }
    }

    @Test
    void oneThatNamesAReplicaIsNotTheOnlyOneAsked() {
        name(old, 0);
        name(upstream, 1, 2);
        old.says(command -> command.equals("INFO replication") ? ScriptedRedis.bulk("role:slave\r\n") : null);
        try (RedisSharedStore store = store()) {
            assertEquals(1, linked(store, upstream).size());
        }
    }

    @Test
    void oneThatNamesAServerThatIsAwayIsNotTheOnlyOneAsked() {
        name(old, 0);
        name(upstream, 1, 2);
        old.close();
        try (RedisSharedStore store = store()) {
            assertEquals(1, linked(store, upstream).size());
        }
    }
}
