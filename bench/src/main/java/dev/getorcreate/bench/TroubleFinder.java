package dev.getorcreate.bench;

import dev.getorcreate.CacheException;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.redis.RedisSharedStore;
import dev.getorcreate.spi.Codec;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.testkit.ChildJvm;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;

/** Another process, which has neither arbiter nor local store: what it finds is in Redis. */
final class TroubleFinder implements AutoCloseable {

    private static final Duration SOON = Duration.ofSeconds(30);

    private final ChildJvm process;

    /** On the servers of that group; it finds what the cache of that name created. */
    TroubleFinder(UpstreamGroup group, String cache) {
        process = ChildJvm.start(
                "finder",
                List.of("-XX:+UseSerialGC"),
                TroubleFinder.class,
                cache,
                Boolean.toString(group.isCluster()),
                String.join(" ", group.uris()));
        try {
            process.expect("ready", SOON);
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    /** False too where it cannot tell, since it has not found the new upstream yet. */
    synchronized boolean finds(String key) {
        process.send(key);
        return process.expect("true|false", SOON).equals("true");
    }

    /** Arguments: the cache's name, whether it is a Cluster, URIs with blanks between. Then lines with a key. */
    public static void main(String[] args) throws InterruptedException {
        Quiet.logs();
        BlockingQueue<String> lines = ChildJvm.endWithParent();
        String[] uris = args[2].split(" ", -1);
        try (RedisSharedStore store = (Boolean.parseBoolean(args[1])
                                ? RedisSharedStore.cluster(uris)
                                : RedisSharedStore.builder(uris[0]))
                        .build();
                GetOrCreateCache<String, String> cache = GetOrCreateCache.<String, String>builder(args[0])
                        .shared(store, KeyCodec.string(), Codec.string())
                        .timeToLive(Callers.TIME_TO_LIVE)
                        .build()) {
            System.out.println("ready");
            while (true) {
                System.out.println(isThere(cache, lines.take()));
            }
        }
    }

    private static boolean isThere(GetOrCreateCache<String, String> cache, String key) {
        try {
            return cache.find(key).isPresent();
        } catch (CacheException e) {
            return false;
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
