package dev.getorcreate.jdbc;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** It looks after every statement of the process, so it must outlive whatever one of them does to it. */
class WatchdogTest {

    private final List<String> done = new CopyOnWriteArrayList<>();

    /** As where a process has as many threads as it may. */
    private static ThreadFactory refusing(int... numbers) {
        AtomicInteger asked = new AtomicInteger();
        return task -> {
            int number = asked.incrementAndGet();
            for (int refused : numbers) {
                if (number == refused) {
                    throw new OutOfMemoryError("as if: unable to create native thread");
                }
            }
            return new Thread(task);
        };
    }

    private Statement statement(String name) {
        return noting(Statement.class, name);
    }

    private Connection connection(String name) {
        return noting(Connection.class, name);
    }

    private <T> T noting(Class<T> type, String name) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            return switch (method.getName()) {
                case "getConnection" -> connection(name);
                case "isWrapperFor" -> false;
                default -> {
                    done.add(method.getName() + " " + name);
                    yield null;
                }
            };
        }));
    }

    @Test
    void withoutAThreadToCancelOnAStatementIsGivenUpAllTheSameAndThoseAfterIt() {
        Watchdog watchdog = new Watchdog(refusing(2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16));
        watchdog.watch(statement("one"), connection("one"), Duration.ZERO, true);
        await().until(() -> done.contains("abort one"));
        watchdog.watch(statement("two"), connection("two"), Duration.ZERO, true);
        await().until(() -> done.contains("abort two"));
    }

    @Test
    void itsThreadsKeepNothingOfWhoeverWasFirst() throws Exception {
        InheritableThreadLocal<String> whose = new InheritableThreadLocal<>();
        List<Object> kept = new CopyOnWriteArrayList<>();
        Statement looking = (Statement) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Statement.class}, (proxy, method, args) -> {
                    if (method.getName().equals("getConnection")) {
                        return connection("any");
                    }
                    kept.add(String.valueOf(whose.get()));
                    kept.add(Thread.currentThread().getContextClassLoader());
                    return null;
                });
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader theirs = new URLClassLoader(new URL[0])) {
            whose.set("the first's");
            Thread.currentThread().setContextClassLoader(theirs);
            new Watchdog().watch(looking, null, Duration.ZERO, true);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
            whose.remove();
        }
        await().until(() -> kept.equals(List.of("null", ClassLoader.getSystemClassLoader())));
    }

    @Test
    void aStatementThatCouldNotBeCancelledIsCancelledAtTheNextTick() {
        Watchdog watchdog = new Watchdog(refusing(2));
        watchdog.watch(statement("one"), null, Duration.ZERO, true);
        await().until(() -> done.equals(List.of("cancel one")));
    }

    @Test
    void oneThatCouldNotBeStartedIsStartedByTheNextStatement() {
        Watchdog watchdog = new Watchdog(refusing(1));
        assertThrows(
                OutOfMemoryError.class, () -> watchdog.watch(statement("one"), connection("one"), Duration.ZERO, true));
        watchdog.watch(statement("two"), null, Duration.ZERO, true);
        await().until(() -> done.contains("cancel two"));
        // Nothing is left of the one that was never executed: for some ticks, nobody looks after it.
        await().during(Duration.ofSeconds(1)).until(() -> done.equals(List.of("cancel two")));
    }

    /** Or it would reach the next statement of that connection. */
    @Test
    void aStatementThatEndsWhileItIsBeingCancelledWaitsForTheAnswerUntilItsConnectionIsGivenUp() throws Exception {
        for (Connection ours : new Connection[] {null, connection("ours")}) {
            CountDownLatch asked = new CountDownLatch(1);
            CountDownLatch answered = new CountDownLatch(1);
            Statement slow = (Statement) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {Statement.class}, (proxy, method, args) -> {
                        if (method.getName().equals("getConnection")) {
                            return connection("any");
                        }
                        asked.countDown();
                        assertTrue(answered.await(30, SECONDS));
                        return null;
                    });
            Watchdog.Watch watch = new Watchdog().watch(slow, ours, Duration.ZERO, true);
            assertTrue(asked.await(30, SECONDS));
            CompletableFuture<Void> ending = CompletableFuture.runAsync(watch::close);
            if (ours == null) {
                // Longer than a connection that is not a caller's has.
                await().during(Duration.ofSeconds(3)).until(() -> !ending.isDone());
                answered.countDown();
            }
            ending.get(30, SECONDS);
            assertEquals(ours == null ? List.of() : List.of("abort ours"), done);
            answered.countDown();
        }
    }

    /** As under TLS, whose farewell waits for what is being sent. */
    @Test
    void aConnectionWhoseGivingUpTakesLongKeepsNoOtherStatementFromBeingCancelled() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        Connection stuck = (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, args) -> {
                    asked.countDown();
                    assertTrue(closed.await(60, SECONDS));
                    done.add("abort stuck");
                    return null;
                });
        try {
            Watchdog watchdog = new Watchdog();
            Watchdog.Watch watch = watchdog.watch(statement("one"), stuck, Duration.ZERO, false);
            assertTrue(asked.await(30, SECONDS));
            watchdog.watch(statement("two"), null, Duration.ZERO, true);
            await().until(() -> done.contains("cancel two"));
            CompletableFuture.runAsync(watch::close).get(30, SECONDS);
            assertEquals(List.of("cancel two"), done);
        } finally {
            closed.countDown();
        }
        await().until(() -> done.contains("abort stuck"));
    }

    /** Or the connection would be somebody else's by then. */
    @Test
    void aStatementThatEndsWhileItsConnectionIsGivenUpWaitsForThat() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        Connection slow = (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, args) -> {
                    asked.countDown();
                    assertTrue(closed.await(60, SECONDS));
                    done.add("abort slow");
                    return null;
                });
        Watchdog.Watch watch = new Watchdog().watch(statement("one"), slow, Duration.ZERO, false);
        assertTrue(asked.await(30, SECONDS));
        CompletableFuture<List<String>> ending = CompletableFuture.supplyAsync(() -> {
            watch.close();
            return List.copyOf(done);
        });
        await().during(Duration.ofMillis(500)).until(() -> !ending.isDone());
        closed.countDown();
        assertEquals(List.of("abort slow"), ending.get(30, SECONDS));
    }

    @Test
    void aStatementThatMustNotBeCancelledIsGivenUpOnly() {
        new Watchdog().watch(statement("one"), connection("one"), Duration.ZERO, false);
        await().until(() -> !done.isEmpty());
        assertEquals(List.of("abort one"), done);
    }

    @Test
    void aStatementThatHasEndedIsNotCancelledAnyMore() {
        List<Runnable> late = new CopyOnWriteArrayList<>();
        AtomicInteger asked = new AtomicInteger();
        Watchdog watchdog = new Watchdog(
                task -> asked.incrementAndGet() == 1 ? new Thread(task) : new Thread(() -> late.add(task)));
        Watchdog.Watch watch = watchdog.watch(statement("one"), connection("one"), Duration.ZERO, true);
        await().until(() -> late.size() == 1);
        watch.close();
        late.get(0).run();
        assertEquals(List.of(), done);
    }
}
