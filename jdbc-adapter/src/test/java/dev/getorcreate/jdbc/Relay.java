package dev.getorcreate.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.postgresql.ds.PGSimpleDataSource;

/** Stands between the driver and PostgreSQL, and cuts a connection at a chosen moment. */
final class Relay implements AutoCloseable {

    /** What to do to a connection that sends a text. */
    enum Cut {
        /** The request is thrown away. */
        BEFORE_IT_ARRIVES,
        /** The request takes effect, and its whole answer is thrown away. */
        AFTER_IT_TOOK_EFFECT
    }

    /** ReadyForQuery, idle: in autocommit the server sends it once the statement is committed. */
    private static final String READY = "Z\0\0\0\5I";

    private final ServerSocket server;
    private final PGSimpleDataSource target;
    private final AtomicReference<String> trigger = new AtomicReference<>();
    private final AtomicInteger times = new AtomicInteger();
    private final AtomicInteger cuts = new AtomicInteger();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile Cut cut = Cut.BEFORE_IT_ARRIVES;

    Relay(PGSimpleDataSource target) throws IOException {
        this.target = target;
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        thread("relay-accept", this::accept);
    }

    /** A data source that goes through here. */
    PGSimpleDataSource dataSource() {
        PGSimpleDataSource through = Postgres.copyOf(target);
        through.setServerNames(new String[] {"127.0.0.1"});
        through.setPortNumbers(new int[] {server.getLocalPort()});
        return through;
    }

    /** Does this to the next connections that send the text. */
    void next(int connections, Cut how, String text) {
        cut = how;
        times.set(connections);
        trigger.set(text);
    }

    /** How often that was done. */
    int cuts() {
        return cuts.get();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Socket database = new Socket(target.getServerNames()[0], target.getPortNumbers()[0]);
                open.add(client);
                open.add(database);
                Link link = new Link(client, database);
                thread("relay-requests", link::requests);
                thread("relay-answers", link::answers);
            } catch (IOException e) {
                // Closed; or the database is away, and then its client sees the same.
                if (server.isClosed()) {
                    return;
                }
            }
        }
    }

    private static void thread(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private final class Link {
        private final Socket client;
        private final Socket database;
        private volatile boolean swallowing;

        Link(Socket client, Socket database) {
            this.client = client;
            this.database = database;
        }

        void requests() {
            pump(client, database, chunk -> {
                String text = trigger.get();
                if (text == null || !chunk.contains(text) || times.getAndDecrement() <= 0) {
                    return Step.FORWARD;
                }
                cuts.incrementAndGet();
                if (cut == Cut.BEFORE_IT_ARRIVES) {
                    return Step.CUT;
                }
                swallowing = true;
                return Step.FORWARD;
            });
        }

        void answers() {
            StringBuilder swallowed = new StringBuilder();
            pump(database, client, chunk -> {
                if (!swallowing) {
                    return Step.FORWARD;
                }
                return swallowed.append(chunk).indexOf(READY) >= 0 ? Step.CUT : Step.SWALLOW;
            });
        }
    }

    private enum Step {
        FORWARD,
        SWALLOW,
        CUT
    }

    private interface Judge {
        Step judge(String chunk);
    }

    private void pump(Socket from, Socket to, Judge judge) {
        byte[] buffer = new byte[1 << 16];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                Step step = judge.judge(new String(buffer, 0, read, StandardCharsets.ISO_8859_1));
                if (step == Step.CUT) {
                    return;
                }
                if (step == Step.FORWARD) {
                    out.write(buffer, 0, read);
                    out.flush();
                }
            }
        } catch (IOException e) {
            // One side has ended; try-with-resources ends the other.
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
