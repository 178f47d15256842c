package dev.getorcreate.proof.engine;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;

/** One caller on a thread of its own. */
final class Caller<T> {

    private static final long SECONDS = 30;

    private final FutureTask<T> task;
    private final Thread thread;
    /** Guard: volatile. Whether the interrupt flag was set when the call ended. */
    private volatile boolean interruptedAtTheEnd;

    private Caller(Callable<T> call) {
        this.task = new FutureTask<>(() -> {
            try {
                return call.call();
            } catch (Error e) {
                throw e;
            } finally {
                interruptedAtTheEnd = Thread.currentThread().isInterrupted();
            }
        });
        this.thread = new Thread(task, "caller");
        thread.setDaemon(true);
    }

    static <T> Caller<T> start(Callable<T> call) {
        Caller<T> caller = new Caller<>(call);
        caller.thread.start();
        return caller;
    }

    /** Lets many callers go at the same moment, and waits for all the answers. */
    static <T> List<T> race(int callers, IntFunction<Callable<T>> call) {
        CountDownLatch ready = new CountDownLatch(callers);
        CountDownLatch go = new CountDownLatch(1);
        List<Caller<T>> all = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            Callable<T> mine = call.apply(i);
            all.add(start(() -> {
                ready.countDown();
                assertTrue(go.await(SECONDS, TimeUnit.SECONDS));
                return mine.call();
            }));
        }
        try {
            assertTrue(ready.await(SECONDS, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        go.countDown();
        return all.stream().map(Caller::answer).toList();
    }

    void interrupt() {
        thread.interrupt();
    }

    boolean isDone() {
        return task.isDone();
    }

    boolean keptItsInterruptFlag() {
        return interruptedAtTheEnd;
    }

    T answer() {
        try {
            return task.get(SECONDS, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException e) {
            throw new AssertionError("the caller got an exception", e.getCause());
        } catch (TimeoutException e) {
            throw stuck();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    <E extends Throwable> E error(Class<E> kind) {
        return assertThrows(kind, () -> {
            try {
                T answer = task.get(SECONDS, TimeUnit.SECONDS);
                fail("the caller got an answer: " + answer);
            } catch (java.util.concurrent.ExecutionException e) {
                throw e.getCause();
            } catch (TimeoutException e) {
                throw stuck();
            }
        });
    }

    private AssertionError stuck() {
        AssertionError error = new AssertionError("the caller did not end");
        error.setStackTrace(thread.getStackTrace());
        return error;
    }
}
