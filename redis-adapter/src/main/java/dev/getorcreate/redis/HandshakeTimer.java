package dev.getorcreate.redis;

import dev.getorcreate.spi.TimeSource;
import io.netty.util.Timeout;
import io.netty.util.Timer;
import io.netty.util.TimerTask;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The timer that Lettuce wants, of which little is asked here: only a handshake's time-out waits for it. So it is the
 * library's own, where Netty's would have a thread more for each store, which wakes at each of its ticks for nothing.
 */
final class HandshakeTimer implements Timer {

    private static final System.Logger LOG = System.getLogger("dev.getorcreate.redis");

    /** Guard: volatile; set for good. */
    private volatile boolean stopped;

    @Override
    public Timeout newTimeout(TimerTask task, long delay, TimeUnit unit) {
        One one = new One(task);
        one.trigger = TimeSource.system().after(unit.toNanos(delay), one::run);
        return one;
    }

    /** Nothing runs from now on: what is pending would come when the threads that it needs have ended. */
    @Override
    public Set<Timeout> stop() {
        stopped = true;
        return Set.of();
    }

    /** One time-out. Whether it is due or cancelled is decided by the timer under it. */
    private final class One implements Timeout {

        private final TimerTask task;
        /** Guard: volatile; set before it is handed out, though the task may run earlier. */
        private volatile @Nullable CompletableFuture<?> trigger;

        One(TimerTask task) {
            this.task = task;
        }

        private void run() {
            if (stopped) {
                return;
            }
            try {
                task.run(this);
            } catch (Exception e) {
                LOG.log(System.Logger.Level.WARNING, "a time-out of the client failed", e);
            }
        }

        @Override
        public Timer timer() {
            return HandshakeTimer.this;
        }

        @Override
        public TimerTask task() {
            return task;
        }

        @Override
        public boolean isExpired() {
            CompletableFuture<?> under = trigger;
            return under != null && under.isDone() && !under.isCancelled();
        }

        @Override
        public boolean isCancelled() {
            CompletableFuture<?> under = trigger;
            return under != null && under.isCancelled();
        }

        @Override
        public boolean cancel() {
            CompletableFuture<?> under = trigger;
            return under != null && under.cancel(false);
        }
    }
}
