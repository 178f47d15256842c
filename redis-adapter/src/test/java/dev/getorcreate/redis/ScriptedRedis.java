package dev.getorcreate.redis;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A server that says what a test wants: to commands that the script leaves out it answers as a lone, sound node does. */
final class ScriptedRedis implements AutoCloseable {

    private static final String OK = "+OK\r\n";

    private final ServerSocket listening;
    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    /** Guard: volatile. */
    private volatile Function<String, @Nullable String> script = command -> null;

    ScriptedRedis() {
        this(0);
    }

    /** @param port 0: a free one */
    ScriptedRedis(int port) {
        try {
            listening = new ServerSocket(port, 50, InetAddress.getByName("127.0.0.1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept, "scripted-" + port());
    }

    /** Gives the reply as it goes over the wire to a command, its words joined by spaces; empty: none; null: the usual. */
    ScriptedRedis says(Function<String, @Nullable String> answers) {
        script = answers;
        return this;
    }

    int port() {
        return listening.getLocalPort();
    }

    String uri() {
        return "redis://127.0.0.1:" + port();
    }

    /** How many commands began like that. */
    long count(String start) {
        return heard.stream().filter(command -> command.startsWith(start)).count();
    }

    /** Ends the connections that there are. */
    void hangUp() {
        connections.forEach(ScriptedRedis::close);
    }

    static String bulk(String text) {
        return "$" + text.getBytes(StandardCharsets.ISO_8859_1).length + "\r\n" + text + "\r\n";
    }

    static String array(String... replies) {
        return "*" + replies.length + "\r\n" + String.join("", replies);
    }

    /** One of the ranges of {@code CLUSTER SLOTS}; names and values of what else is known of the node go as a map. */
    static String range(int from, int to, String host, int port, String... known) {
        String more = "%" + known.length / 2 + "\r\n" + String.join("", known);
        return array(number(from), number(to), array(bulk(host), number(port), bulk("id-" + port), more));
    }

    static String number(long value) {
        return ":" + value + "\r\n";
    }

    static String clusterInfo(long epoch) {
        return bulk("cluster_state:ok\r\ncluster_current_epoch:" + epoch + "\r\n");
    }

    private String usual(String command) {
        return switch (command.split(" ", 2)[0]) {
            case "HELLO" ->
                "%3\r\n" + bulk("version") + bulk("7.2.0") + bulk("proto") + number(3) + bulk("id") + number(1);
            case "CLIENT", "ASKING", "SET" -> OK;
            case "PING" -> "+PONG\r\n";
            case "DEL" -> number(1);
            case "EVAL" -> array();
            case "GETRANGE" -> bulk("a-stamp-ABC");
            case "GET" -> "$-1\r\n";
            case "INFO" -> bulk("redis_version:7.2.0\r\nrun_id:" + port() + "\r\nrole:master\r\n");
            case "CLUSTER" ->
                command.equals("CLUSTER INFO") ? clusterInfo(1) : array(range(0, 16_383, "127.0.0.1", port()));
            default -> "-ERR what is " + command + "\r\n";
        };
    }

    private static void start(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = listening.accept();
                connections.add(connection);
                start(() -> serve(connection), "scripted-" + port() + "-connection");
            }
        } catch (IOException e) {
            hangUp(); // closed
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(connection.getInputStream());
            while (true) {
                String command = command(in);
                heard.add(command);
                String told = script.apply(command);
                String reply = told == null ? usual(command) : told;
                connection.getOutputStream().write(reply.getBytes(StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            connections.remove(connection); // hung up, by whomever
        }
    }

    private static String command(InputStream in) throws IOException {
        List<String> words = new ArrayList<>();
        for (int left = length(in); left > 0; left--) {
            byte[] word = in.readNBytes(length(in));
            in.skipNBytes(2);
            words.add(new String(word, StandardCharsets.ISO_8859_1));
        }
        return String.join(" ", words);
    }

    /** Behind an asterisk or a dollar sign. */
    private static int length(InputStream in) throws IOException {
        in.skipNBytes(1);
        int length = 0;
        for (int c = in.read(); c != '\r'; c = in.read()) {
            if (c < 0) {
                throw new IOException("hung up");
            }
            length = 10 * length + c - '0';
        }
        in.skipNBytes(1);
        return length;
    }

    private static void close(AutoCloseable one) {
        try {
            one.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        close(listening);
        hangUp();
    }
}
