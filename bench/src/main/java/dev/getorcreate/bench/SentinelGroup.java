package dev.getorcreate.bench;

import dev.getorcreate.testkit.RedisSentinels;
import dev.getorcreate.testkit.RedisServer;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** An upstream with two replicas, and three Sentinels. */
record SentinelGroup(RedisSentinels servers) implements UpstreamGroup {

    private static final String NAME = "main";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Twice the testkit's failover-timeout, before which no Sentinel begins another failover; and a little. */
    private static final Duration NEXT_FAILOVER = Duration.ofSeconds(7);

    static SentinelGroup start() {
        return new SentinelGroup(RedisSentinels.start(NAME));
    }

    @Override
    public String name() {
        return "Sentinel";
    }

    @Override
    public String settings() {
        return "down-after-milliseconds " + RedisSentinels.DOWN_AFTER.toMillis();
    }

    @Override
    public List<String> uris() {
        return List.of(servers.uri());
    }

    @Override
    public boolean isCluster() {
        return false;
    }

    @Override
    public String keysOf(int trial) {
        return "trial" + trial + "-";
    }

    @Override
    public RedisServer upstream(int trial) {
        return servers.upstream();
    }

    /** Until the Sentinels too see all of them well: else the next failover would wait for that. */
    @Override
    public void heal(RedisServer killed) {
        killed.restart();
        servers.awaitReplicas();
        Awaitility.await("the Sentinels see a healthy group")
                .atMost(PATIENCE)
                .pollDelay(NEXT_FAILOVER)
                .until(() -> servers.sentinels().stream().allMatch(SentinelGroup::seesAllWell));
    }

    private static boolean seesAllWell(RedisServer sentinel) {
        List<?> replicas = list(sentinel.command("SENTINEL", "REPLICAS", NAME));
        return field(list(sentinel.command("SENTINEL", "MASTER", NAME)), "flags")
                        .equals("master")
                && replicas.size() == 2
                && replicas.stream()
                        .map(SentinelGroup::list)
                        .allMatch(replica -> field(replica, "flags").equals("slave")
                                && field(replica, "master-link-status").equals("ok"));
    }

    private static List<?> list(@Nullable Object answer) {
        return answer instanceof List<?> found ? found : List.of();
    }

    private static String field(List<?> fields, String name) {
        int at = fields.indexOf(name);
        return at < 0 ? "" : String.valueOf(fields.get(at + 1));
    }

    @Override
    public void close() {
        servers.close();
    }
}
