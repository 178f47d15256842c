package dev.getorcreate.bench;

import dev.getorcreate.testkit.RedisServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells the commands that clients send from those that scripts run. A server's counts do not: both INFO commandstats and
 * total_commands_processed count a script's too (seen with Redis 7.0). MONITOR does, but is too heavy for what is timed; so
 * it listens to a few keys more.
 */
final class StampedeMonitor {

    private static final Pattern COMMAND = Pattern.compile("\\+\\S+ \\[\\d+ (\\S+)] \"([^\"]+)\".*");
    private static final String END = "end-of-monitor";
    private static final Set<String> NO_MATTER = Set.of("ping", "info");
    private static final int TIMEOUT_MILLIS = 10_000;

    /**
     * What it heard, the clock's PING and INFO left out.
     *
     * @param ran all commands, those aside left out
     * @param sent of these, by clients and not by scripts
     * @param aside those for records that are found before each key
     */
    record Heard(int ran, int sent, int aside) {

        /** 1 if there were none. */
        double sentPart() {
            return ran == 0 ? 1 : (double) sent / ran;
        }
    }

    private StampedeMonitor() {}

    static Heard listen(RedisServer redis, Runnable asking) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), redis.port());
                BufferedReader lines = new BufferedReader(
                        new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1))) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write("MONITOR\r\n".getBytes(StandardCharsets.US_ASCII));
            if (!"+OK".equals(lines.readLine())) {
                throw new IOException("the server does not let itself be monitored");
            }
            asking.run();
            redis.command("ECHO", END);
            return heard(lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Up to the end that it was told. */
    static Heard heard(BufferedReader lines) throws IOException {
        int sent = 0;
        int all = 0;
        int aside = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            Matcher command = COMMAND.matcher(line);
            if (!command.matches()) {
                throw new IOException("no line of MONITOR: " + line);
            }
            String name = command.group(2).toLowerCase(Locale.ROOT);
            if (name.equals("echo") && line.contains(END)) {
                return new Heard(all, sent, aside);
            }
            if (line.contains(OursAfterHits.MARK)) {
                aside++;
            } else if (!NO_MATTER.contains(name)) {
                all++;
                sent += command.group(1).equals("lua") ? 0 : 1;
            }
        }
        throw new IOException("the server ended while it was monitored");
    }
}
