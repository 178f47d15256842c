package dev.getorcreate;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Callers that do not block: they join flights by a callback, and what must block runs on the executor, by the very code
 * that blocking callers run.
 */
final class AsyncCalls<K, V> {

    private final Engine<K, V> engine;
    private final Tiers<K, V> tiers;
    private final Executor executor;

    AsyncCalls(Engine<K, V> engine, Tiers<K, V> tiers, Executor executor) {
        this.engine = engine;
        this.tiers = tiers;
        this.executor = executor;
    }

    CompletableFuture<Outcome<V>> obtain(K key, Creator<? super K, ? extends V> creator) {
        CompletableFuture<Outcome<V>> answer = new CompletableFuture<>();
        new AsyncCall(key, creator, answer).attempt(1);
        return answer;
    }

    /** One caller. Its answer is completed by the flight it leads or joins, or by the clock. */
    @SuppressWarnings("FutureReturnValueIgnored") // flights complete with themselves and never exceptionally
    private final class AsyncCall {

        private final K key;
        private final Creator<? super K, ? extends V> creator;
        private final CompletableFuture<Outcome<V>> answer;
        private final long until = engine.newDeadline();

        AsyncCall(K key, Creator<? super K, ? extends V> creator, CompletableFuture<Outcome<V>> answer) {
            this.key = key;
            this.creator = creator;
            this.answer = answer;
        }

        void attempt(int firstRound) {
            try {
                for (int round = firstRound; !Engine.tooOften(round); round++) {
                    Flight<V> mine = new Flight<>();
                    Flight<V> flight = engine.joinOrStart(key, mine);
                    if (flight == mine) {
                        start(mine);
                        return;
                    }
                    if (!flight.isDone()) {
                        join(flight, round);
                        return;
                    }
                    Outcome<V> entry = engine.entry(key, flight);
                    if (entry != null) {
                        answer.complete(entry);
                        return;
                    }
                }
                throw Engine.noAnswer();
            } catch (RuntimeException e) {
                fail(e);
            }
        }

        private void start(Flight<V> mine) {
            try {
                executor.execute(() -> {
                    try {
                        run(mine);
                    } finally {
                        // Also if the process of entering failed: nobody may wait for a flight without a leader.
                        abandon(mine);
                    }
                });
            } catch (RejectedExecutionException e) {
                abandon(mine);
                throw e;
            }
        }

        private void abandon(Flight<V> mine) {
            if (!mine.isDone()) {
                tiers.local().remove(key, mine);
                mine.askAgain();
            }
        }

        /** On the executor. Without a flight: this caller's wait is over. */
        private void run(@Nullable Flight<V> mine) {
            try (Call call = Call.enter(engine, key, until)) {
                answer.complete(
                        mine == null
                                ? engine.overtime(key, creator, call.until)
                                : engine.lead(key, creator, mine, call.until));
            } catch (Throwable e) {
                fail(e);
            }
        }

        private void join(Flight<V> flight, int round) {
            AtomicBoolean ended = new AtomicBoolean();
            CompletableFuture<?> timer = tiers.time()
                    .after(Math.max(0, until - tiers.time().nanoTime()), () -> {
                        if (ended.compareAndSet(false, true)) {
                            outOfTime();
                        }
                    });
            flight.thenAccept(done -> {
                if (ended.compareAndSet(false, true)) {
                    timer.cancel(false);
                    landed(done, round);
                }
            });
        }

        private void outOfTime() {
            try {
                executor.execute(() -> run(null));
            } catch (RejectedExecutionException e) {
                fail(e);
            }
        }

        private void landed(Flight<V> flight, int round) {
            Throwable failure = flight.failure();
            V value = flight.value();
            if (failure != null) {
                fail(failure);
            } else if (value != null) {
                answer.complete(engine.waited(value));
            } else {
                attempt(round + 1);
            }
        }

        private void fail(Throwable error) {
            tiers.counters().failed();
            answer.completeExceptionally(error);
        }
    }
}
