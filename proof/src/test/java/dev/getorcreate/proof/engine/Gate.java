package dev.getorcreate.proof.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Holds a thread at a place of the test's choosing. Bounded: a test that forgot to open it fails and does not hang. */
final class Gate {

    private static final long SECONDS = 20;

    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch opened = new CountDownLatch(1);

    /** For the thread that is to be held. */
    void pass() throws InterruptedException {
        reached.countDown();
        assertTrue(opened.await(SECONDS, TimeUnit.SECONDS), "nobody opened the gate");
    }

    /** As {@link #pass}, and an interrupt does not end it. */
    void passWhateverHappens() {
        boolean interrupted = false;
        while (true) {
            try {
                pass();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** For the test: waits until somebody is held. */
    void awaitArrival() {
        try {
            assertTrue(reached.await(SECONDS, TimeUnit.SECONDS), "nobody came to the gate");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    void open() {
        opened.countDown();
    }
}
