package dev.getorcreate.spi;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How a worker of a {@link ForkJoinPool} waits. {@link CompletableFuture#get} has it run what is queued for it meanwhile, on
 * the waiting stack: somebody else's call would then be taken for a part of this one, work in its transaction, or wait for
 * what only this stack can end. So a worker sleeps, and the pool may start another in its place.
 */
final class WorkersWait implements ForkJoinPool.ManagedBlocker {

    private final CountDownLatch done = new CountDownLatch(1);
    private final LongSupplier left;

    private WorkersWait(LongSupplier left) {
        this.left = left;
    }

    /** Whether it was done before the nanoseconds that are left were over. */
    @SuppressWarnings("FutureReturnValueIgnored") // what is awaited is the first one
    static boolean await(CompletableFuture<?> future, LongSupplier left) throws InterruptedException {
        if (!future.isDone()) {
            WorkersWait wait = new WorkersWait(left);
            future.whenComplete((value, error) -> wait.done.countDown());
            ForkJoinPool pool = ForkJoinTask.getPool();
            if (pool == null || pool.isTerminating()) {
                boolean unused = wait.block(); // it replaces nobody any more, and calls that an interrupt
            } else {
                replaced(wait);
            }
        }
        return future.isDone();
    }

    private static void replaced(WorkersWait wait) throws InterruptedException {
        try {
            ForkJoinPool.managedBlock(wait);
        } catch (RejectedExecutionException e) {
            boolean unused = wait.block(); // the pool has as many sleepers as it may
        }
    }

    @Override
    public boolean block() throws InterruptedException {
        boolean unused = done.await(left.getAsLong(), TimeUnit.NANOSECONDS);
        return true;
    }

    @Override
    public boolean isReleasable() {
        return done.getCount() == 0 || left.getAsLong() <= 0;
    }
}
