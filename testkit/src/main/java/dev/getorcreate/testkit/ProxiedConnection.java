package dev.getorcreate.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** One connection through a {@link TcpProxy}. */
public final class ProxiedConnection {

    private static final int PART = 64 * 1024;

    private final WireProtocol protocol;
    private final Socket client;
    private final Socket server;
    private final Consumer<ProxiedConnection> onEnd;
    private final Thread toServer;
    private final Thread toClient;

    /** Guards what follows; whoever holds bytes back waits on it. */
    private final Object gate = new Object();

    private Settings settings;
    private boolean ended;

    /** What a test has set. */
    record Settings(
            Set<TcpProxy.Direction> held,
            boolean swallows,
            Duration delay,
            Consumer<byte[]> hook,
            Predicate<byte[]> holdFrom,
            BiPredicate<TcpProxy.Direction, byte[]> cutAt) {

        static final Settings NONE =
                new Settings(Set.of(), false, Duration.ZERO, part -> {}, part -> false, (direction, part) -> false);

        Settings hold(TcpProxy.Direction direction, boolean on) {
            Set<TcpProxy.Direction> now = EnumSet.noneOf(TcpProxy.Direction.class);
            now.addAll(held);
            if (on) {
                now.add(direction);
            } else {
                now.remove(direction);
            }
            boolean watches = on || direction == TcpProxy.Direction.TO_SERVER;
            return new Settings(now, swallows, delay, hook, watches ? holdFrom : NONE.holdFrom, cutAt);
        }

        Settings swallow(boolean on) {
            return new Settings(held, on, delay, hook, holdFrom, cutAt);
        }

        Settings delay(Duration each) {
            return new Settings(held, swallows, each, hook, holdFrom, cutAt);
        }

        Settings hook(Consumer<byte[]> with) {
            return new Settings(held, swallows, delay, with, holdFrom, cutAt);
        }

        Settings holdFrom(Predicate<byte[]> part) {
            return new Settings(held, swallows, delay, hook, part, cutAt);
        }

        Settings cutAt(BiPredicate<TcpProxy.Direction, byte[]> part) {
            return new Settings(held, swallows, delay, hook, holdFrom, part);
        }
    }

    ProxiedConnection(
            Socket client, Socket server, WireProtocol protocol, Settings settings, Consumer<ProxiedConnection> onEnd)
            throws IOException {
        this.protocol = protocol;
        this.client = client;
        this.server = server;
        this.settings = settings;
        this.onEnd = onEnd;
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        toServer = pump(client, server, TcpProxy.Direction.TO_SERVER);
        toClient = pump(server, client, TcpProxy.Direction.TO_CLIENT);
    }

    private Thread pump(Socket from, Socket to, TcpProxy.Direction direction) {
        Thread thread = new Thread(() -> pass(from, to, direction), "proxy-" + direction);
        thread.setDaemon(true);
        return thread;
    }

    void start() {
        toServer.start();
        toClient.start();
    }

    /** Resets it, both ways. */
    public void cut() {
        end(true);
        join(toServer);
        join(toClient);
    }

    /** Whether what goes either way is swallowed, and nobody told; what was swallowed is lost. */
    public void blackHole(boolean on) {
        change(before -> before.swallow(on));
    }

    /** Keeps what goes this way, in order, until {@link #resume}. */
    public void hold(TcpProxy.Direction direction) {
        change(before -> before.hold(direction, true));
    }

    /** Sends on what was held, and what comes. */
    public void resume(TcpProxy.Direction direction) {
        change(before -> before.hold(direction, false));
    }

    /** Whether what goes this way is being held. */
    public boolean holds(TcpProxy.Direction direction) {
        return now().held().contains(direction);
    }

    void change(UnaryOperator<Settings> how) {
        synchronized (gate) {
            settings = how.apply(settings);
            gate.notifyAll();
        }
    }

    private Settings now() {
        synchronized (gate) {
            return settings;
        }
    }

    private void pass(Socket from, Socket to, TcpProxy.Direction direction) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            Frames frames = protocol.frames(direction);
            byte[] buffer = new byte[PART];
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                for (byte[] part : frames.whole(buffer, length)) {
                    if (!passed(part, out, direction)) {
                        return;
                    }
                }
            }
        } catch (IOException | InterruptedException e) {
            // One of the two ends broke it, or we did.
        } finally {
            end(false); // not a reset: it would take away what is on its way to the other end
        }
    }

    /** Whether the connection goes on. */
    private boolean passed(byte[] part, OutputStream out, TcpProxy.Direction direction)
            throws IOException, InterruptedException {
        if (direction == TcpProxy.Direction.TO_CLIENT) {
            seen(part);
        }
        if (now().cutAt().test(direction, part)) {
            end(true);
            return false;
        }
        if (mayGoOn(direction)) {
            out.write(part);
        }
        return true;
    }

    private void seen(byte[] part) {
        Settings now = now();
        now.hook().accept(part);
        if (now.holdFrom().test(part)) {
            hold(TcpProxy.Direction.TO_CLIENT);
        }
    }

    /** Waits as long as it is to be delayed or held; false: it is swallowed. What is behind it waits in the socket. */
    private boolean mayGoOn(TcpProxy.Direction direction) throws InterruptedException, IOException {
        synchronized (gate) {
            long due = System.nanoTime() + settings.delay().toNanos();
            while (!settings.swallows() && !ended) {
                long early = due - System.nanoTime();
                if (settings.held().contains(direction)) {
                    gate.wait();
                } else if (early > 0) {
                    TimeUnit.NANOSECONDS.timedWait(gate, early);
                } else {
                    return true;
                }
            }
            if (ended) {
                throw new IOException("cut");
            }
            return false;
        }
    }

    private void end(boolean byReset) {
        synchronized (gate) {
            ended = true;
            gate.notifyAll();
        }
        close(client, byReset);
        close(server, byReset);
        onEnd.accept(this);
    }

    /** Closes with a reset: the other end is told at once, and nothing lingers. */
    static void reset(Socket socket) {
        close(socket, true);
    }

    private static void close(Socket socket, boolean byReset) {
        try {
            if (byReset) {
                socket.setSoLinger(true, 0);
            }
        } catch (IOException e) {
            // It is closed already, which is what follows.
        }
        try {
            socket.close();
        } catch (IOException e) {
            // As above.
        }
    }

    static void join(Thread thread) {
        if (thread == Thread.currentThread()) {
            return; // a hook of ours cut its own connection
        }
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
