package dev.getorcreate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.spi.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BulkheadTest {

    private final TimeSource time = TimeSource.system();

    private long in(long millis) {
        return time.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private Bulkhead.Place entered(Bulkhead bulkhead) throws InterruptedException {
        Bulkhead.Place place = bulkhead.place(null);
        assertTrue(place.enter(in(0), false));
        return place;
    }

    /** And no fewer, if more come: at their first visits, three wait inside for each other. */
    @Test
    void neverMoreThanItsPlacesAreInside() throws Exception {
        Bulkhead bulkhead = new Bulkhead(3, time);
        CyclicBarrier three = new CyclicBarrier(3);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Callable<Boolean> visit = () -> {
            for (int i = 0; i < 200; i++) {
                Bulkhead.Place place = bulkhead.place(null);
                assertTrue(place.enter(in(10_000), false));
                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                if (i == 0) {
                    three.await(10, TimeUnit.SECONDS);
                }
                Thread.yield();
                inside.decrementAndGet();
                place.leave();
            }
            return true;
        };
        ExecutorService pool = Executors.newFixedThreadPool(12);
        try {
            List<Future<Boolean>> visits = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                visits.add(pool.submit(visit));
            }
            for (Future<Boolean> done : visits) {
                assertTrue(done.get(30, TimeUnit.SECONDS));
            }
        } finally {
            pool.shutdownNow();
        }
        assertEquals(3, most.get());
    }

    @Test
    void whoseTimeEndsGoesAwayAndLeavesItsPlaceInTheQueue() throws Exception {
        Bulkhead bulkhead = new Bulkhead(1, time);
        Bulkhead.Place place = entered(bulkhead);
        assertFalse(bulkhead.place(null).enter(in(20), false));
        place.leave();
        assertTrue(bulkhead.place(null).enter(in(0), false), "the place was not given to the one that left");
    }

    @Test
    void anInterruptedOneTakesNoPlaceAlong() throws Exception {
        Bulkhead bulkhead = new Bulkhead(1, time);
        Bulkhead.Place place = entered(bulkhead);
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> bulkhead.place(null).enter(in(10_000), false));
        place.leave();
        entered(bulkhead);
    }

    /** As a stack overflow of creators within creators would. */
    @Test
    void oneThatDiesOfAnErrorTakesNoPlaceAlong() throws Exception {
        AtomicBoolean dies = new AtomicBoolean(true);
        Bulkhead bulkhead = new Bulkhead(1, new TimeSource() {
            @Override
            public long nanoTime() {
                return time.nanoTime();
            }

            @Override
            public long epochMillis() {
                return time.epochMillis();
            }

            @Override
            public boolean await(CompletableFuture<?> future, long until) throws InterruptedException {
                if (dies.getAndSet(false)) {
                    throw new StackOverflowError();
                }
                return time.await(future, until);
            }

            @Override
            public CompletableFuture<?> after(long delayNanos, Runnable task) {
                return time.after(delayNanos, task);
            }
        });
        Bulkhead.Place place = entered(bulkhead);
        assertThrows(StackOverflowError.class, () -> bulkhead.place(null).enter(in(10_000), false));
        place.leave();
        entered(bulkhead);
    }

    /** A callback on a thread that sleeps, and so has lent its place: what it asks for is no business of that place. */
    @Test
    void whatCameBesideALentPlaceIsGivenBackAndNotToIt() throws Exception {
        Bulkhead bulkhead = new Bulkhead(1, time);
        Bulkhead.Place sleeping = entered(bulkhead);
        sleeping.creates(false);
        assertTrue(sleeping.lend());
        Bulkhead.Place beside = bulkhead.place(sleeping);
        assertTrue(beside.enterAtOnce());
        beside.leave();
        assertTrue(sleeping.comeBack(in(0)));
        assertFalse(bulkhead.place(null).enterAtOnce());
        sleeping.leave();
        entered(bulkhead);
    }

    @Test
    void anOuterCallHasItsPlaceAgainUnlessItIsLate() throws Exception {
        Bulkhead bulkhead = new Bulkhead(1, time);
        Bulkhead.Place outer = entered(bulkhead);
        outer.creates(false);
        Bulkhead.Place inner = bulkhead.place(outer);
        assertTrue(inner.enterAtOnce());
        inner.leave();
        assertFalse(bulkhead.place(null).enterAtOnce());
        Bulkhead.Place again = bulkhead.place(outer);
        assertTrue(again.enterAtOnce());
        outer.late();
        assertFalse(bulkhead.place(null).enterAtOnce(), "the inner call is at the arbiter");
        again.leave();
        Bulkhead.Place other = entered(bulkhead);
        assertTrue(outer.created(), "others have its place");
        other.leave();
        assertTrue(outer.comeBack(in(0)));
        outer.leave();
        entered(bulkhead);
    }

    /** Of two caches' places that a thread lent, it waits for the one that it needs. */
    @Test
    void aPlaceThatIsLateDoesNotBringTheOthersBackUnasked() throws Exception {
        Bulkhead inner = new Bulkhead(1, time);
        Bulkhead outer = new Bulkhead(1, time);
        Bulkhead.Place late = entered(inner);
        Bulkhead.Place needed = entered(outer);
        late.creates(false);
        Lent lent = Lent.NOTHING.and(late).and(needed);
        late.late();
        Bulkhead.Place other = entered(outer);
        long start = time.nanoTime();
        lent.takeBack(in(0));
        assertTrue(time.nanoTime() - start >= TimeUnit.SECONDS.toNanos(1), "it waited");
        other.leave();
        needed.leave();
        late.leave();
        entered(inner);
        entered(outer);
    }
}
