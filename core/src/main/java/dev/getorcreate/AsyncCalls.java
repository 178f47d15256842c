package dev.getorcreate;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Callers that do not block: they join flights by a callback, and what must block runs on the executor, by the very code
 * that blocking callers run.
 */
final class AsyncCalls<K, V> {

    /** How long the executor may take at least, where the caller's time is over already. */
    private static final long GRACE = TimeUnit.SECONDS.toNanos(1);

    private final Engine<K, V> engine;
    private final Tiers<K, V> tiers;
    private final Executor executor;
    /** Guard: concurrent set. What the executor was given and has not begun, for close. */
    private final Set<Start> queued = ConcurrentHashMap.newKeySet();

    AsyncCalls(Engine<K, V> engine, Tiers<K, V> tiers, Executor executor) {
        this.engine = engine;
        this.tiers = tiers;
        this.executor = executor;
    }

    CompletableFuture<Outcome<V>> obtain(K key, Creator<? super K, ? extends V> creator) {
        CompletableFuture<Outcome<V>> answer = new CompletableFuture<>();
        AsyncCall call = new AsyncCall(key, creator, answer);
        try {
            Call.refuseRecursion(engine, key);
            call.attempt(1);
        } catch (RecursiveCreationException e) {
            call.fail(e);
        }
        return answer;
    }

    /** What has not begun does not begin any more. */
    void close(CacheClosedException closed) {
        queued.forEach(start -> start.end(closed));
    }

    /** What the executor is given. It holds nothing once it has ended: it may stay in a queue for ever. */
    private static final class Start implements Runnable {

        /** Guard: atomic; taken out by whoever comes first. Null begins it; an error ends it. */
        private final AtomicReference<@Nullable Consumer<@Nullable Throwable>> how = new AtomicReference<>();
        /** Guard: volatile; set before this is handed over. */
        private volatile @Nullable CompletableFuture<?> timer;

        boolean hasEnded() {
            return how.get() == null;
        }

        /** Whether this came first; then what was to be done is done when it returns. */
        boolean end(@Nullable Throwable error) {
            Consumer<@Nullable Throwable> mine = how.getAndSet(null);
            if (mine == null) {
                return false;
            }
            try {
                CompletableFuture<?> pending = timer;
                if (pending != null) {
                    pending.cancel(false);
                }
            } finally {
                mine.accept(error); // nobody else does
            }
            return true;
        }

        @Override
        public void run() {
            boolean unused = end(null);
        }
    }

    /** One caller. Its answer is completed by the flight it leads or joins, or by the clock. */
    @SuppressWarnings("FutureReturnValueIgnored") // flights complete with themselves and never exceptionally
    private final class AsyncCall {

        private final K key;
        private final Creator<? super K, ? extends V> creator;
        private final CompletableFuture<Outcome<V>> answer;
        private final long until = Call.within(engine.newDeadline());

        AsyncCall(K key, Creator<? super K, ? extends V> creator, CompletableFuture<Outcome<V>> answer) {
            this.key = key;
            this.creator = creator;
            this.answer = answer;
        }

        void attempt(int firstRound) {
            for (int round = firstRound; round <= Engine.MAX_ROUNDS; round++) {
                Flight<V> mine = Flight.queued();
                try {
                    if (attempt(mine, round)) {
                        return;
                    }
                } catch (Throwable e) {
                    if (mine.begin()) {
                        engine.entries().abandon(key, mine);
                    }
                    fail(e);
                    return;
                }
            }
            fail(Engine.noAnswer());
        }

        /** Whether an answer is there or will come. */
        private boolean attempt(Flight<V> mine, int round) {
            Flight<V> flight = engine.entries().joinOrStart(key, mine);
            if (flight == mine) {
                execute(mine, error -> begin(mine, round, error));
                return true;
            }
            if (!flight.isDone()) {
                join(flight, round);
                return true;
            }
            Outcome<V> entry = engine.entries().served(key, flight);
            if (entry != null) {
                answer.complete(entry);
            }
            return entry != null;
        }

        /**
         * Leads the flight, unless a caller that blocks came first.
         *
         * @param error why the executor does not run this; then nobody leads the flight, and it ends
         */
        private void begin(Flight<V> mine, int round, @Nullable Throwable error) {
            if (!mine.begin()) {
                join(mine, round);
                return;
            }
            try {
                if (error == null) {
                    run(mine);
                }
            } finally {
                try {
                    engine.entries().abandon(key, mine);
                } finally {
                    if (error != null) {
                        fail(error);
                    }
                }
            }
        }

        /**
         * Hands the task to the executor. It is run once: there, if that begins it before this caller's time is over, or
         * when the flight has ended, which somebody else led; else elsewhere, with the reason.
         *
         * @param mine the flight it is to lead, which a cache that is closed refuses; null: none
         */
        private void execute(@Nullable Flight<V> mine, Consumer<@Nullable Throwable> task) {
            Start start = new Start();
            start.how.set(error -> {
                try {
                    queued.remove(start);
                    task.accept(error);
                } catch (RuntimeException | Error e) {
                    fail(e); // nobody else does
                }
            });
            queued.add(start);
            try {
                if (mine != null) {
                    engine.entries().requireOpen(); // in this order: either this is refused, or who closes ends it
                }
                long now = tiers.time().nanoTime();
                start.timer = tiers.time().after(Math.max(until, now + GRACE) - now, () -> start.end(notBegun()));
                if (mine != null) {
                    mine.thenAccept(done -> start.run());
                }
                if (!start.hasEnded()) {
                    executor.execute(start);
                }
            } catch (RuntimeException | Error e) {
                boolean unused = start.end(e); // whoever came first answers
            }
        }

        private void onExecutor(Runnable task) {
            execute(null, error -> {
                if (error == null) {
                    task.run();
                } else {
                    fail(error);
                }
            });
        }

        /** On the executor. Without a flight: this caller's wait is over. */
        private void run(@Nullable Flight<V> mine) {
            Outcome<V> outcome;
            try (Call call = Call.enter(engine, key, until)) {
                outcome = mine == null
                        ? engine.overtime(key, creator, call.until)
                        : engine.lead(key, creator, mine, call.until);
            } catch (Throwable e) {
                fail(e);
                return;
            }
            // Outside of the call: what waits for the answer may ask for the same key.
            answer.complete(outcome);
        }

        private void join(Flight<V> flight, int round) {
            if (flight.isDone()) { // whatever the time
                hearsOf(flight, round);
                return;
            }
            AtomicBoolean ended = new AtomicBoolean();
            CompletableFuture<?> timer = tiers.time()
                    .after(Math.max(0, until - tiers.time().nanoTime()), () -> {
                        if (ended.compareAndSet(false, true)) {
                            outOfTime();
                        }
                    });
            flight.thenAccept(done -> {
                if (ended.compareAndSet(false, true)) {
                    try {
                        try {
                            timer.cancel(false);
                        } finally {
                            hearsOf(done, round);
                        }
                    } catch (RuntimeException | Error e) {
                        fail(e); // nobody else does
                    }
                }
            });
        }

        private void hearsOf(Flight<V> done, int round) {
            if (tiers.joinsTransactions()) {
                // What waits for the answer would run in the leader's transaction. The executor may still run it on
                // this thread.
                onExecutor(() -> Call.outside(() -> landed(done, round)));
            } else {
                // On the thread of the flight's leader, but no part of its call.
                Call.outside(() -> landed(done, round));
            }
        }

        /** On the clock's thread. */
        private void outOfTime() {
            if (!isGivenUp()) {
                onExecutor(() -> run(null));
            }
        }

        /** Completed by its caller: nobody waits for more. */
        private boolean isGivenUp() {
            return answer.isDone();
        }

        private void landed(Flight<V> flight, int round) {
            Throwable failure = flight.failure();
            V value = flight.value();
            if (failure != null) {
                fail(failure);
            } else if (value != null) {
                answer.complete(engine.waited(value));
            } else if (!isGivenUp()) {
                attempt(round + 1);
            }
        }

        private static WaitTimeoutException notBegun() {
            return new WaitTimeoutException(
                    "the executor did not begin this call in time; is it too small, or does it drop tasks?", null);
        }

        private void fail(Throwable error) {
            if (!answer.isDone()) { // what comes behind an answer is no failure of this call
                tiers.counters().failed();
                answer.completeExceptionally(error);
            }
        }
    }
}
