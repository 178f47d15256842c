package dev.getorcreate.testkit;

import static dev.getorcreate.testkit.TcpProxy.Direction.TO_CLIENT;
import static dev.getorcreate.testkit.TcpProxy.Direction.TO_SERVER;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TcpProxyTest {

    private static final int SOON = 10_000;
    private static final int NOT_NOW = 200;

    private ServerSocket echo;
    private TcpProxy proxy;
    private Socket client;

    @BeforeEach
    void connect() throws IOException {
        echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::serve, "echo");
        thread.setDaemon(true);
        thread.start();
        proxy = TcpProxy.to(echo.getLocalPort());
        client = newClient();
        assertEquals("hello", ask("hello"));
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        client.close();
        echo.close();
    }

    private void serve() {
        while (true) {
            try {
                Socket socket = echo.accept();
                Thread thread = new Thread(
                        () -> {
                            try (socket) {
                                socket.getInputStream().transferTo(socket.getOutputStream());
                            } catch (IOException e) {
                                // the client is gone
                            }
                        },
                        "echo");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                return;
            }
        }
    }

    private Socket newClient() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    }

    private void send(String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    private String read(int length, int timeout) throws IOException {
        client.setSoTimeout(timeout);
        byte[] bytes = client.getInputStream().readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException();
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private String ask(String text) throws IOException {
        send(text);
        return read(text.length(), SOON);
    }

    private void assertSilence() {
        assertThrows(SocketTimeoutException.class, () -> read(1, NOT_NOW));
    }

    @Test
    void cutEndsTheConnectionAndNewOnesPass() throws IOException {
        proxy.cut();
        assertThrows(IOException.class, () -> ask("x"));
        await().until(() -> proxy.connections().isEmpty());
        client = newClient();
        assertEquals("again", ask("again"));
    }

    @Test
    void repliesThatAreHeldComeLaterAndInOrder() throws IOException {
        proxy.holdReplies(true);
        send("a");
        send("b");
        assertSilence();
        send("c");
        proxy.holdReplies(false);
        assertEquals("abc", read(3, SOON));
    }

    @Test
    void requestsThatAreHeldComeLaterAndInOrder() throws IOException {
        List<String> answered = new CopyOnWriteArrayList<>();
        proxy.onServerBytes(part -> answered.add(new String(part, StandardCharsets.UTF_8)));
        proxy.connections().get(0).hold(TO_SERVER);
        send("a");
        assertSilence();
        send("b");
        assertEquals(List.of(), answered, "the server has not seen them");
        proxy.connections().get(0).resume(TO_SERVER);
        assertEquals("ab", read(2, SOON));
        assertEquals("ab", String.join("", answered));
    }

    @Test
    void repliesAreHeldFromTheOneThatWasAimedAt() throws IOException {
        proxy.holdRepliesFrom(part -> new String(part, StandardCharsets.UTF_8).contains("stop"));
        assertEquals("go", ask("go"));
        send("stop");
        assertSilence();
        assertTrue(proxy.connections().get(0).holds(TO_CLIENT));
        proxy.resume(TO_CLIENT);
        assertEquals("stop", read(4, SOON));
        assertEquals("stop", ask("stop"), "the watching has ended");
    }

    @Test
    void theConnectionIsCutOnceAtThePartThatWasAimedAt() throws IOException {
        BooleanSupplier done = proxy.cutAt(
                TcpProxy.Direction.TO_SERVER, part -> new String(part, StandardCharsets.UTF_8).contains("!"));
        assertEquals("one", ask("one"));
        assertFalse(done.getAsBoolean());
        send("two!");
        assertThrows(IOException.class, () -> read(1, SOON));
        assertTrue(done.getAsBoolean());
        client = newClient();
        assertEquals("two!", ask("two!"));
    }

    @Test
    void aBlackHoleSwallowsAndStaysConnected() throws IOException {
        Socket first = client;
        proxy.blackHole(true);
        send("lost");
        assertSilence();
        client = newClient();
        send("lost");
        assertSilence();
        proxy.blackHole(false);
        assertEquals("there", ask("there"));
        assertSilence();
        first.close();
    }

    @Test
    void whatIsHeldCanStillBeSwallowedOrCut() throws IOException {
        proxy.hold(TO_CLIENT);
        send("x");
        assertSilence();
        proxy.blackHole(true);
        proxy.resume(TO_CLIENT);
        assertSilence();
        proxy.cut();
        assertThrows(IOException.class, () -> read(1, SOON));
    }

    @Test
    void newConnectionsAreRefusedUntilTheyAreAccepted() throws IOException {
        proxy.refuse(true);
        assertEquals("old", ask("old"));
        Socket old = client;
        assertThrows(IOException.class, () -> {
            client = newClient();
            ask("new");
        });
        proxy.refuse(false);
        client = newClient();
        assertEquals("new", ask("new"));
        old.close();
    }

    @Test
    void delayedBytesTakeAtLeastThatLong() throws IOException {
        proxy.delay(Duration.ofMillis(150));
        long start = System.nanoTime();
        assertEquals("slow", ask("slow"));
        assertTrue(System.nanoTime() - start >= Duration.ofMillis(300).toNanos(), "150 ms each way");
    }

    @Test
    void theClientsEndIsPassedOnAndTheServersToo() throws IOException {
        client.close();
        await().until(() -> proxy.connections().isEmpty());
        client = newClient();
        assertEquals("x", ask("x"));
    }

    @Test
    void closingEndsEveryThread() throws IOException {
        proxy.hold(TO_CLIENT);
        send("x");
        assertSilence();
        proxy.close();
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("proxy-") && thread.isAlive()));
    }
}
