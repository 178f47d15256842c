package dev.getorcreate.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts Redis servers of our own. */
final class EmbeddedRedis {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private EmbeddedRedis() {}

    /** The command line of a server on loopback that keeps nothing. */
    static List<String> command(Path program, Path folder, int port, String... extraArgs) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1", "--save", ""));
        command.addAll(List.of("--appendonly", "no", "--dir", folder.toString()));
        command.addAll(List.of(extraArgs));
        return command;
    }

    /** Starts the command and waits until it answers on the port. */
    static Leashed run(List<String> command, Path folder, int port) {
        Leashed server = Leashed.start(command, folder);
        try {
            awaitAnswer(server, port);
            return server;
        } catch (Throwable e) {
            server.close();
            throw e;
        }
    }

    private static void awaitAnswer(Leashed server, int port) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        String last = "nothing yet";
        while (System.nanoTime() - end < 0) {
            try (RespConnection connection = new RespConnection("127.0.0.1", port, Duration.ofSeconds(2))) {
                // Somebody else's server may have taken the port in between.
                if (String.valueOf(connection.call("INFO", "server")).contains("process_id:" + server.pid() + "\r\n")) {
                    return;
                }
                last = "another server answers on port " + port;
            } catch (IOException | RespConnection.RedisError e) {
                last = e.toString();
            }
            if (ended(server)) {
                if (server.output().contains("Address already in use")) {
                    throw new PortTaken();
                }
                throw new IllegalStateException("Redis ended at once: " + server.output());
            }
        }
        throw new IllegalStateException("Redis did not answer within " + PATIENCE + ": " + last);
    }

    private static boolean ended(Leashed server) {
        try {
            return server.process().waitFor(10, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while Redis starts", e);
        }
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port", e);
        }
    }

    /** One whose cluster bus, 10 000 above it, is free too. */
    static int freeClusterPort() {
        while (true) {
            int port = freePort();
            if (port + 10_000 <= 65_535 && isFree(port + 10_000)) {
                return port;
            }
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    /** Somebody else listens on that port. */
    static final class PortTaken extends RuntimeException {

        private static final long serialVersionUID = 1L;

        PortTaken() {
            super("the port is taken");
        }
    }
}
