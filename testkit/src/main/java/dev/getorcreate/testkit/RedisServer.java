package dev.getorcreate.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A real Redis for tests: the one that the environment variable {@code GETORCREATE_REDIS_URL} names, else a container,
 * where Testcontainers ({@code org.testcontainers:testcontainers}) is on the class path and finds a Docker engine, else
 * one of our own, from the binary that {@code org.signal:embedded-redis} carries, on a free port of the loopback
 * interface; without persistence. It ends with {@link #close}, and with this JVM however that ends.
 */
public final class RedisServer implements AutoCloseable {

    /** Names a running server. Its data is fair game for the tests. */
    public static final String URL_VARIABLE = "GETORCREATE_REDIS_URL";

    private static final ServerOrder<RedisServer> ORDER = new ServerOrder<>(
            url -> new RedisServer(URI.create(url), null, () -> {}),
            Docker::answers,
            RedisServer::contained,
            RedisServer::startOwn);

    /** Other processes take ports too, between the choice of a free one and its use. */
    private static final int ATTEMPTS = 5;

    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(5);

    private final URI uri;
    private final @Nullable Own own;
    private final Runnable end;
    private @Nullable RespConnection connection;

    private RedisServer(URI uri, @Nullable Own own, Runnable end) {
        this.uri = uri;
        this.own = own;
        this.end = end;
    }

    /**
     * A server that answers.
     *
     * @param extraArgs of the command line, for instance {@code "--maxmemory", "10mb"}; with these it is always one of our
     *     own
     * @throws Servers.Unavailable if none can be had
     */
    public static RedisServer start(String... extraArgs) {
        return extraArgs.length == 0 ? ORDER.start(System.getenv(URL_VARIABLE)) : startOwn(extraArgs);
    }

    private static RedisServer contained() {
        Containers.Running running = Containers.redis();
        return new RedisServer(URI.create(running.url()), null, running.end());
    }

    /** One of our own, that can be killed and frozen, whatever the environment names. */
    public static RedisServer startOwn(String... extraArgs) {
        return startOwn(RedisProgram.REDIS_7_0, extraArgs);
    }

    /**
     * One of our own that runs another program.
     *
     * @throws Servers.Unavailable if that cannot be had
     */
    public static RedisServer startOwn(RedisProgram which, String... extraArgs) {
        Path folder = Leashed.folder("getorcreate-redis-");
        try {
            Path program = which.provide(folder);
            return startOn(
                    EmbeddedRedis::freePort, folder, port -> EmbeddedRedis.command(program, folder, port, extraArgs));
        } catch (Throwable e) {
            Leashed.removeFolder(folder);
            throw e;
        }
    }

    /**
     * Starts a command on a port; on another one if somebody else was quicker to take the first. The folder becomes the
     * server's, who removes it when it is closed.
     */
    static RedisServer startOn(IntSupplier ports, Path folder, IntFunction<List<String>> command) {
        for (int attempt = 1; ; attempt++) {
            int port = ports.getAsInt();
            List<String> full = command.apply(port);
            try {
                Leashed process = EmbeddedRedis.run(full, folder, port);
                Own own = new Own(folder, full, process);
                return new RedisServer(URI.create("redis://127.0.0.1:" + port), own, own::end);
            } catch (EmbeddedRedis.PortTaken e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** {@code redis://host:port}. */
    public String uri() {
        return uri.toString();
    }

    /** The port. */
    public int port() {
        return uri.getPort() < 0 ? 6379 : uri.getPort();
    }

    /** The process number of a server of our own. */
    public long pid() {
        return own("its process").process.pid();
    }

    /**
     * Sends a command over a connection of its own and waits for the answer: a String, a Long, a List of these, or null.
     * Bytes are seen as ISO-8859-1 characters.
     *
     * @throws RuntimeException with the server's text, if it answers with an error
     */
    public synchronized @Nullable Object command(String... command) {
        try {
            RespConnection usable = connection == null ? connect() : connection;
            connection = usable;
            return usable.call(command);
        } catch (IOException e) {
            disconnect();
            throw new UncheckedIOException("no answer to " + command[0] + " from " + uri.getHost() + ":" + port(), e);
        }
    }

    private RespConnection connect() throws IOException {
        RespConnection fresh = new RespConnection(uri.getHost(), port(), COMMAND_TIMEOUT);
        try {
            String user = uri.getUserInfo();
            if (user != null) {
                int colon = user.indexOf(':');
                String name = colon <= 0 ? "default" : user.substring(0, colon);
                fresh.call("AUTH", name, user.substring(colon + 1));
            }
            String path = uri.getPath();
            if (path != null && path.length() > 1) {
                fresh.call("SELECT", path.substring(1));
            }
            return fresh;
        } catch (Throwable e) {
            fresh.close();
            throw e;
        }
    }

    private synchronized void disconnect() {
        RespConnection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Kills it with SIGKILL; {@link #restart} brings it back, empty. */
    public void kill() {
        Own mine = own("kill it");
        disconnect();
        mine.process.kill();
    }

    /** Starts it again on the same port, empty; kills it first if it runs. */
    public void restart() {
        Own mine = own("restart it");
        kill();
        mine.process = EmbeddedRedis.run(mine.command, mine.folder, port());
    }

    /** Stops it where it stands (SIGSTOP): connections stay open, nothing is answered. */
    public void freeze() {
        own("freeze it").process.freeze();
    }

    /** Lets a frozen one go on. */
    public void thaw() {
        own("thaw it").process.thaw();
    }

    /** Whether it can answer: neither killed nor frozen. One that is not our own is taken to. */
    boolean answers() {
        return own == null || (own.process.isAlive() && !own.process.isFrozen());
    }

    /** Ends a container or one of our own, and removes its folder; a named one stays as it is. */
    @Override
    public void close() {
        disconnect();
        end.run();
    }

    private Own own(String what) {
        if (own == null) {
            throw new UnsupportedOperationException("this Redis was named by " + URL_VARIABLE
                    + " or is a container: a test cannot " + what + ". Use RedisServer.startOwn() there");
        }
        return own;
    }

    /** What only a server of our own has. */
    private static final class Own {
        final Path folder;
        final List<String> command;
        volatile Leashed process;

        Own(Path folder, List<String> command, Leashed process) {
            this.folder = folder;
            this.command = command;
            this.process = process;
        }

        void end() {
            process.close();
            Leashed.removeFolder(folder);
        }
    }
}
