package dev.getorcreate.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands between clients and a server on the loopback interface, and plays the faults of a network: a connection that is
 * cut, one that swallows everything and stays open, replies that come late, a server out of reach. Its threads end with
 * {@link #close}; they are daemons.
 */
public final class TcpProxy implements AutoCloseable {

    private final ServerSocket listener;
    private final int target;
    /** Guard: concurrent set. */
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    /** Guard: this. */
    private boolean holdingReplies;
    /** Guard: volatile. */
    private volatile boolean refusing;
    /** Guard: volatile. */
    private volatile boolean swallowing;

    private TcpProxy(ServerSocket listener, int target) {
        this.listener = listener;
        this.target = target;
    }

    /** A proxy on a free port, to this port of the loopback interface. */
    public static TcpProxy to(int port) {
        try {
            TcpProxy proxy = new TcpProxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), port);
            proxy.run(proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException("no port is free", e);
        }
    }

    /** Where clients connect. */
    public int port() {
        return listener.getLocalPort();
    }

    /** Closes all connections, on both sides; new ones are accepted. */
    public void cut() {
        sockets.forEach(TcpProxy::close);
    }

    /** Whether new connections are closed at once, from now on. */
    public void refuse(boolean on) {
        refusing = on;
    }

    /** Whether bytes are swallowed both ways while connections stay open, as when packets are dropped. */
    public void blackHole(boolean on) {
        swallowing = on;
    }

    /** Holds the server's bytes back, in order; letting go delivers them. */
    public synchronized void holdReplies(boolean on) {
        holdingReplies = on;
        notifyAll();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                if (refusing) {
                    client.close();
                    continue;
                }
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                sockets.add(client);
                sockets.add(server);
                run(() -> pump(client, server, false));
                run(() -> pump(server, client, true));
            } catch (IOException e) {
                // Closed, or the server is away: the client finds its connection closed.
            }
        }
    }

    private void pump(Socket from, Socket to, boolean replies) {
        byte[] buffer = new byte[64 * 1024];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (replies) {
                    awaitRelease();
                }
                if (!swallowing) {
                    to.getOutputStream().write(buffer, 0, n);
                }
            }
        } catch (IOException | InterruptedException e) {
            // Cut: both sides are closed.
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private synchronized void awaitRelease() throws InterruptedException {
        while (holdingReplies) {
            wait();
        }
    }

    private void run(Runnable task) {
        Thread thread = new Thread(task, "tcp-proxy-" + listener.getLocalPort());
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is closed either way.
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            // It is closed either way.
        }
        holdReplies(false);
        cut();
    }
}
