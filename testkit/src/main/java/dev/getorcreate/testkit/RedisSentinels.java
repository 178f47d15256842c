package dev.getorcreate.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;

/**
 * A real Redis that three Sentinels watch, for tests: an upstream with two replicas, on free ports of the loopback
 * interface, without persistence. Each process is a {@link RedisServer} of our own, that a test can kill, freeze and
 * restart. An upstream that is killed or frozen is replaced after some two to four seconds.
 *
 * <p>Methods that wait throw {@code ConditionTimeoutException} after half a minute. All of it ends with {@link #close},
 * and with this JVM however that ends.
 */
public final class RedisSentinels implements AutoCloseable {

    /** How long a silent upstream is waited for until the Sentinels call it down. */
    public static final Duration DOWN_AFTER = Duration.ofSeconds(2);

    private static final int REPLICAS = 2;
    private static final int SENTINELS = 3;
    private static final int QUORUM = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String name;
    private final Path folder = Leashed.folder("getorcreate-sentinels-");
    private final Path program;
    private final List<RedisServer> servers = new CopyOnWriteArrayList<>();
    private final List<RedisServer> sentinels = new CopyOnWriteArrayList<>();

    private RedisSentinels(RedisProgram which, String name) {
        this.name = name;
        program = which.provide(folder);
    }

    /**
     * Starts them; takes a few seconds, until the Sentinels know each other and both replicas.
     *
     * @param name by which clients ask the Sentinels for the upstream
     * @throws Servers.Unavailable if the program cannot be had
     */
    public static RedisSentinels start(String name) {
        return start(RedisProgram.REDIS_7_0, name);
    }

    /** As {@link #start(String)}, all of them running that program. */
    public static RedisSentinels start(RedisProgram which, String name) {
        RedisSentinels all = new RedisSentinels(which, name);
        try {
            all.startServers();
            all.startSentinels();
            return all;
        } catch (Throwable e) {
            all.close();
            throw e;
        }
    }

    private void startServers() {
        servers.add(server());
        String port = Integer.toString(servers.get(0).port());
        for (int i = 0; i < REPLICAS; i++) {
            servers.add(server("--replicaof", "127.0.0.1", port));
        }
        awaitReplicas();
    }

    private RedisServer server(String... where) {
        List<String> args = new ArrayList<>(List.of(where));
        args.addAll(List.of("--repl-diskless-sync-delay", "0"));
        Path home = Leashed.folder("getorcreate-sentinels-server-");
        return launch(home, port -> EmbeddedRedis.command(program, home, port, args.toArray(String[]::new)));
    }

    private void startSentinels() {
        int upstream = servers.get(0).port();
        for (int i = 0; i < SENTINELS; i++) {
            Path home = Leashed.folder("getorcreate-sentinel-");
            sentinels.add(launch(home, port -> {
                Path config = home.resolve("sentinel.conf");
                write(config, config(port, home, upstream));
                return List.of(program.toString(), config.toString(), "--sentinel");
            }));
        }
        until("the Sentinels know each other and the replicas", () -> sentinels.stream()
                .allMatch(this::knowsAll));
    }

    private String config(int port, Path home, int upstream) {
        return """
                port %d
                bind 127.0.0.1
                dir "%s"
                sentinel monitor %s 127.0.0.1 %d %d
                sentinel down-after-milliseconds %3$s %d
                sentinel failover-timeout %3$s 3000
                sentinel parallel-syncs %3$s %d
                """.formatted(port, home, name, upstream, QUORUM, DOWN_AFTER.toMillis(), REPLICAS);
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RedisServer launch(Path home, IntFunction<List<String>> command) {
        try {
            return RedisServer.startOn(EmbeddedRedis::freePort, home, command);
        } catch (Throwable e) {
            Leashed.removeFolder(home);
            throw e;
        }
    }

    private boolean knowsAll(RedisServer sentinel) {
        Object answer = sentinel.command("SENTINEL", "MASTER", name);
        List<?> fields = answer instanceof List<?> list ? list : List.of();
        return value(fields, "num-slaves").equals(Integer.toString(REPLICAS))
                && value(fields, "num-other-sentinels").equals(Integer.toString(SENTINELS - 1));
    }

    private static String value(List<?> fields, String of) {
        int at = fields.indexOf(of);
        return at < 0 ? "" : String.valueOf(fields.get(at + 1));
    }

    /** {@code redis-sentinel://127.0.0.1:port,127.0.0.1:port,127.0.0.1:port#name}, as Lettuce reads it. */
    public String uri() {
        return sentinels.stream()
                .map(sentinel -> "127.0.0.1:" + sentinel.port())
                .collect(Collectors.joining(",", "redis-sentinel://", "#" + name));
    }

    /** The three data servers, in the order in which they were started; the first was the first upstream. */
    public List<RedisServer> servers() {
        return List.copyOf(servers);
    }

    /** The three Sentinels. */
    public List<RedisServer> sentinels() {
        return List.copyOf(sentinels);
    }

    /** The upstream; waits until every running Sentinel names the same server and that server knows it is one. */
    public RedisServer upstream() {
        return awaitUpstream(null);
    }

    /** Waits until another server than this one is the upstream, agreed as at {@link #upstream}, and gives it. */
    public RedisServer awaitUpstreamOtherThan(RedisServer old) {
        return awaitUpstream(old);
    }

    private RedisServer awaitUpstream(@Nullable RedisServer old) {
        return waiting("the Sentinels agree on another upstream")
                .until(this::agreed, found -> found.isPresent() && found.get() != old)
                .orElseThrow();
    }

    private Optional<RedisServer> agreed() {
        Set<Integer> named = running(sentinels).map(this::portOfUpstream).collect(Collectors.toSet());
        return running(servers)
                .filter(server -> named.equals(Set.of(server.port())) && isUpstream(server))
                .findFirst();
    }

    private int portOfUpstream(RedisServer sentinel) {
        Object address = sentinel.command("SENTINEL", "GET-MASTER-ADDR-BY-NAME", name);
        return address instanceof List<?> parts ? Integer.parseInt(String.valueOf(parts.get(1))) : -1;
    }

    private static boolean isUpstream(RedisServer server) {
        return replication(server).contains("role:master");
    }

    private static String replication(RedisServer server) {
        try {
            return String.valueOf(server.command("INFO", "replication"));
        } catch (UncheckedIOException e) {
            return ""; // a Sentinel that gives a server another part ends its clients' connections
        }
    }

    private boolean replicasAreInSync() {
        return running(servers)
                        .filter(server -> replication(server).contains("master_link_status:up"))
                        .count()
                == running(servers).count() - 1;
    }

    /**
     * Lets the Sentinels put a replica in the upstream's place, all of them running, and gives the new upstream. As ever
     * with Sentinel, an answered write may be lost, and the old one takes itself for the upstream for some ten seconds
     * more: {@link #awaitReplicas} waits for the end of that.
     */
    public RedisServer failover() {
        RedisServer old = upstream();
        waiting("a Sentinel takes the order").until(this::orderFailover);
        return awaitUpstreamOtherThan(old);
    }

    /** Waits until every running server but the upstream is a replica in sync. */
    public void awaitReplicas() {
        until("the others copy from the upstream", this::replicasAreInSync);
    }

    private boolean orderFailover() {
        try {
            running(sentinels).findFirst().orElseThrow().command("SENTINEL", "FAILOVER", name);
            return true;
        } catch (RespConnection.RedisError e) {
            return false; // the last one is not over, or it has not seen a good replica yet
        }
    }

    private static Stream<RedisServer> running(List<RedisServer> of) {
        return of.stream().filter(RedisServer::answers);
    }

    private static void until(String what, BooleanSupplier holds) {
        waiting(what).until(holds::getAsBoolean);
    }

    private static ConditionFactory waiting(String what) {
        return Awaitility.await(what)
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .pollInSameThread();
    }

    /** Ends every process and removes what they wrote. */
    @Override
    public void close() {
        sentinels.forEach(RedisServer::close);
        servers.forEach(RedisServer::close);
        Leashed.removeFolder(folder);
    }
}
