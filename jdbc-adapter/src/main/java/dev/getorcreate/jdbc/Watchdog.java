package dev.getorcreate.jdbc;

import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Ends statements that are overdue: first by cancelling, then by giving up the connection. One thread looks after all of
 * them a few times a second, and nothing is done for one that ends in time: a driver's own timer, and a time-out of its
 * socket, cost a good part of what a short statement does.
 */
final class Watchdog {

    static final Watchdog SHARED = new Watchdog();

    private static final System.Logger LOG = System.getLogger(Watchdog.class.getName());
    private static final Duration TICK = Duration.ofMillis(200);
    private static final Duration GRACE = OwnConnection.GRACE;

    /** Then its thread ends; so none holds a program, or what it unloads, for ever. */
    private static final int IDLE_TICKS = 50;

    private final Set<Watch> running = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean awake = new AtomicBoolean();

    private final ThreadFactory threads;

    Watchdog() {
        this(Watchdog::thread);
    }

    Watchdog(ThreadFactory threads) {
        this.threads = threads;
    }

    /**
     * Watches a statement that is about to be executed, until that is closed.
     *
     * @param ours what to give up if cancelling does not help; {@code null} if it is a caller's, and stays
     * @param cancels {@code false}: it must not be cancelled, and is only given up
     */
    Watch watch(Statement statement, @Nullable Connection ours, Duration timeout, boolean cancels) {
        Watch watch = new Watch(statement, ours, timeout, cancels);
        running.add(watch);
        if (!awake.get() && awake.compareAndSet(false, true)) {
            wake(watch);
        }
        return watch;
    }

    /** If no thread is to be had, that is this statement's error; whichever comes next tries again. */
    private void wake(Watch first) {
        try {
            start("getorcreate-jdbc-watchdog", this::run);
        } catch (RuntimeException | Error e) {
            running.remove(first);
            awake.set(false);
            throw e;
        }
    }

    private void run() {
        boolean ended = false;
        try {
            watchAll();
            ended = true;
        } finally {
            if (!ended) {
                awake.set(false); // an Error: the next statement starts another one, which looks after all
            }
        }
    }

    private void watchAll() {
        int idle = 0;
        while (true) {
            LockSupport.parkNanos(TICK.toNanos());
            var unused = Thread.interrupted(); // or it would not sleep any more
            if (!running.isEmpty()) {
                idle = 0;
                long now = System.nanoTime();
                running.forEach(watch -> watch.checkQuietly(now));
            } else if (++idle >= IDLE_TICKS) {
                awake.set(false);
                // One may have been added that saw this thread awake.
                if (running.isEmpty() || !awake.compareAndSet(false, true)) {
                    return;
                }
            }
        }
    }

    /** It serves whoever comes after, so it keeps nothing of whoever was first. */
    private static Thread thread(Runnable task) {
        Thread thread = new Thread(null, task, "getorcreate-jdbc", 0, false);
        thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
        return thread;
    }

    private void start(String name, Runnable task) {
        Thread thread = threads.newThread(task);
        thread.setName(name);
        thread.setDaemon(true);
        thread.start();
    }

    /** One execution. */
    final class Watch {

        private final Statement statement;
        private final @Nullable Connection ours;
        private final long due;
        private final long lost;
        private final boolean cancels;

        /** Written by the watchdog's thread only. */
        private boolean cancelled;

        /** Guarded by this, as the next five: what ended must not be cancelled, or another statement would be. */
        private boolean over;

        private boolean cancelling;

        /** Its connection must not be given up any more: it may be somebody else's. */
        private boolean ended;

        private boolean givenUp;

        private boolean aborting;
        private long givenUpAt;

        private Watch(Statement statement, @Nullable Connection ours, Duration timeout, boolean cancels) {
            this.statement = statement;
            this.ours = ours;
            this.due = System.nanoTime() + timeout.toNanos();
            this.lost = due + GRACE.toNanos();
            this.cancels = cancels;
        }

        /** Whatever it meets, the others are looked after too, and this one at the next tick. */
        private void checkQuietly(long now) {
            try {
                giveUpIfLost(now);
                cancelIfDue(now);
            } catch (RuntimeException | Error e) {
                LOG.log(Level.WARNING, "could not look after a statement; that is tried again", e);
            }
        }

        private void cancelIfDue(long now) {
            if (cancels && !cancelled && now - due >= 0) {
                // It asks the server, and a server that is gone may be why.
                start("getorcreate-jdbc-cancel", this::cancel);
                cancelled = true;
            }
        }

        private void cancel() {
            synchronized (this) {
                if (over) {
                    return;
                }
                cancelling = true;
            }
            try {
                quietly("cancel", () -> PostgresCancel.send(statement));
            } finally {
                synchronized (this) {
                    cancelling = false;
                    notifyAll();
                }
            }
        }

        private void giveUpIfLost(long now) {
            Connection connection = ours;
            if (connection == null || now - lost < 0) {
                return;
            }
            synchronized (this) {
                if (ended || givenUp) {
                    return;
                }
                running.remove(this);
                givenUp = true;
                aborting = true;
                givenUpAt = System.nanoTime();
                notifyAll();
            }
            try {
                // It may block as what it gives up does, on what is still to be written say.
                start("getorcreate-jdbc-abort", () -> abort(connection));
            } catch (RuntimeException | Error e) {
                LOG.log(Level.DEBUG, "no thread to give up a connection on", e);
                abort(connection);
            }
        }

        private void abort(Connection connection) {
            synchronized (this) {
                if (ended) {
                    return;
                }
            }
            try {
                quietly("give up", () -> connection.abort(Runnable::run));
            } finally {
                synchronized (this) {
                    aborting = false;
                    notifyAll();
                }
            }
        }

        private void quietly(String what, Session.Step step) {
            try {
                step.run();
            } catch (SQLException | RuntimeException e) {
                LOG.log(Level.DEBUG, "could not " + what + " an overdue statement", e);
            }
        }

        /**
         * It has ended, or been given up: from now on nothing is done to its connection. Waits for the answer to a
         * cancelling that is under way, until the connection is given up, and then as long again for that.
         */
        void close() {
            boolean interrupted = false;
            synchronized (this) {
                over = true;
                while ((cancelling && !givenUp) || (aborting && System.nanoTime() - givenUpAt < GRACE.toNanos())) {
                    try {
                        wait(GRACE.toMillis());
                    } catch (InterruptedException e) {
                        interrupted = true;
                    }
                }
                ended = true;
            }
            running.remove(this);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
