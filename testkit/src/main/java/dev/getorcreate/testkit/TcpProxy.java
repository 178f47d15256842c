package dev.getorcreate.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Stands between a client and a server on the loopback interface, and lets a test do what networks do: cut, delay, hold
 * and swallow. What is set on the proxy holds for all its connections, those to come too; {@link #connections} gives each
 * of its own.
 */
public final class TcpProxy implements AutoCloseable {

    /** Which way bytes go. */
    public enum Direction {
        /** What the client sends. */
        TO_SERVER,
        /** What the server answers. */
        TO_CLIENT
    }

    private final SocketAddress server;
    private final WireProtocol protocol;
    private final ServerSocket listening;
    private final Thread accepting;
    private final List<ProxiedConnection> connections = new CopyOnWriteArrayList<>();

    /** Guarded by this; as are the settings of connections that are just being made. */
    private boolean refusing;

    private ProxiedConnection.Settings settings = ProxiedConnection.Settings.NONE;
    private boolean closed;

    private TcpProxy(SocketAddress server, WireProtocol protocol) {
        this.server = server;
        this.protocol = protocol;
        try {
            listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen", e);
        }
        accepting = new Thread(this::acceptAll, "proxy-" + port());
        accepting.setDaemon(true);
        accepting.start();
    }

    /** A proxy on a free port of the loopback interface, to this port there. */
    public static TcpProxy to(int port) {
        return to(port, WireProtocol.ANY);
    }

    /** As {@link #to(int)}; what is said of a part below is said of one message of the protocol. */
    public static TcpProxy to(int port, WireProtocol protocol) {
        return new TcpProxy(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), protocol);
    }

    /** Where clients connect, on the loopback address. */
    public int port() {
        return listening.getLocalPort();
    }

    /** The connections that are open. */
    public List<ProxiedConnection> connections() {
        return List.copyOf(connections);
    }

    /** Resets every open connection, both ways. New ones pass. */
    public void cut() {
        connections.forEach(ProxiedConnection::cut);
    }

    /** Whether new connections are reset at once. Open ones stay. */
    public synchronized void refuse(boolean on) {
        refusing = on;
    }

    /**
     * Whether what goes either way is swallowed, and nobody told. What was swallowed is lost: a connection that passes
     * again goes on without it.
     */
    public void blackHole(boolean on) {
        change(before -> before.swallow(on));
    }

    /** Keeps what goes this way, in order, until {@link #resume}. */
    public void hold(Direction direction) {
        change(before -> before.hold(direction, true));
    }

    /** Sends on what was held, and what comes. */
    public void resume(Direction direction) {
        change(before -> before.hold(direction, false));
    }

    /** Whether what the server answers is kept, in order; what was kept is sent on when it no longer is. */
    public void holdReplies(boolean on) {
        change(before -> before.hold(Direction.TO_CLIENT, on));
    }

    /** Everything takes so much longer, each way. */
    public void delay(Duration each) {
        change(before -> before.delay(each));
    }

    /** Runs with what the server sent, before it goes on to the client; on the connection's thread, which it may block. */
    public void onServerBytes(Consumer<byte[]> hook) {
        change(before -> before.hook(hook));
    }

    /**
     * Holds what the server sends from the first part on that this is true of, that part included. A part is what arrived
     * together, or a message of the {@link WireProtocol}. {@link #resume} lets it go and ends the watching.
     */
    public void holdRepliesFrom(Predicate<byte[]> part) {
        change(before -> before.holdFrom(part));
    }

    /**
     * Resets a connection instead of passing on the first part, either way of any connection, that this is true of: a
     * command that never arrives, or an answer that never does. Once; from then on everything passes.
     *
     * @return whether it has happened
     */
    public BooleanSupplier cutAt(Direction direction, Predicate<byte[]> part) {
        AtomicBoolean done = new AtomicBoolean();
        change(before -> before.cutAt((way, bytes) ->
                way == direction && !done.get() && part.test(bytes) && done.compareAndSet(false, true)));
        return done::get;
    }

    /**
     * Resets a connection instead of passing on a message: the first such after a statement that has this text, that
     * statement's own included; and so often. One statement is to be under way at a time.
     *
     * @return how often it has happened
     */
    public IntSupplier cutAt(WireMessage message, String statement, int times) {
        AfterStatement aim = new AfterStatement(message, statement, times);
        change(before -> before.cutAt(aim));
        return aim::done;
    }

    private synchronized void change(UnaryOperator<ProxiedConnection.Settings> how) {
        settings = how.apply(settings);
        connections.forEach(connection -> connection.change(how));
    }

    private void acceptAll() {
        while (true) {
            Socket client;
            try {
                client = listening.accept();
            } catch (IOException e) {
                return; // closed
            }
            connect(client);
        }
    }

    private synchronized void connect(Socket client) {
        if (closed || refusing) {
            ProxiedConnection.reset(client);
            return;
        }
        Socket toServer = new Socket();
        try {
            toServer.connect(server, 5000);
            ProxiedConnection connection =
                    new ProxiedConnection(client, toServer, protocol, settings, connections::remove);
            connections.add(connection);
            connection.start();
        } catch (IOException e) {
            ProxiedConnection.reset(client);
            ProxiedConnection.reset(toServer);
        }
    }

    /** Resets every connection and ends every thread. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            cut();
        }
        ProxiedConnection.join(accepting);
    }
}
