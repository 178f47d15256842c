package dev.getorcreate.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The callers of one process, while they follow one order. */
final class StampedeCallers {

    /** In place of a prefix: each process has keys of its own. */
    static final String ALONE = "alone";

    /** Before a key is asked for: late enough to be its own, and early enough for everybody to be at rest again. */
    private static final long BEFORE = TimeUnit.MILLISECONDS.toNanos(25);

    private final Contender contender;
    private final StampedeMoments moments;
    private final StampedeOrder order;
    private final String prefix;
    private final AtomicInteger created = new AtomicInteger();
    private final AtomicBoolean told = new AtomicBoolean();
    private final long[] begun;
    private final long[] answers;
    /** Of each thread, how many keys it has asked for. */
    private final int[] asked;

    private final AtomicReference<@Nullable RuntimeException> notFound = new AtomicReference<>();

    private volatile boolean over;

    StampedeCallers(Contender contender, StampedeMoments moments, StampedeOrder order) {
        this.contender = contender;
        this.moments = moments;
        this.order = order;
        this.prefix =
                order.prefix().equals(ALONE) ? ALONE + ProcessHandle.current().pid() + "-" : order.prefix();
        this.begun = new long[order.keys()];
        this.answers = new long[order.keys() * order.threads()];
        this.asked = new int[order.threads()];
        Arrays.fill(answers, StampedePart.FAILED);
    }

    /**
     * The processor time is that from the order to the last answer: what callers and the threads of clients use for the
     * keys, the callers' waking at each moment, and what the threads of clients do by the clock in between and in the half
     * second before the first. The latter is left out later, by what {@link StampedeTeam#rest} measures.
     */
    StampedePart ask(ExecutorService askers) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(order.threads());
        List<Future<?>> asking = new ArrayList<>();
        ThreadTimes before = ThreadTimes.now();
        for (int t = 0; t < order.threads(); t++) {
            int thread = t;
            asking.add(askers.submit(() -> {
                try {
                    follow(thread);
                } finally {
                    done.countDown();
                }
            }));
        }
        while (!done.await(giveUpAt() - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            if (System.nanoTime() > giveUpAt()) {
                over = true;
                asking.forEach(each -> each.cancel(true));
                break;
            }
        }
        RuntimeException failure = notFound.get();
        if (failure != null) {
            throw failure;
        }
        Map<String, ThreadTimes.Times> used = ThreadTimes.now().since(before);
        int keys = Arrays.stream(asked).max().orElseThrow();
        return new StampedePart(
                created.get(), used, Arrays.copyOf(begun, keys), Arrays.copyOf(answers, keys * order.threads()));
    }

    /** After the callers themselves give up on others. */
    private long giveUpAt() {
        long last = order.agreed() ? Math.min(moments.current(), order.end()) : order.end();
        return last + StampedeOrder.PATIENCE + order.gapNanos() + TimeUnit.SECONDS.toNanos(1);
    }

    private void follow(int thread) {
        long moment = order.start();
        find(thread, 0, moment);
        StampedeMoments.await(moment);
        for (int k = 0; k < order.keys() && moment != StampedeMoments.NEVER && !over; k++) {
            asked[thread] = k + 1;
            answers[k * order.threads() + thread] = ask(k, moment);
            if (!over) {
                moment = next(thread, k, moment);
            }
        }
    }

    /** One caller of each process, if that belongs to what is measured. */
    private void find(int thread, int key, long moment) {
        if (thread == 0
                && contender instanceof OursAfterHits hits
                && !order.prefix().equals(ALONE)) {
            StampedeMoments.await(moment - BEFORE);
            try {
                hits.find(OursAfterHits.found(order.prefix(), key));
            } catch (RuntimeException e) {
                notFound.set(e);
                throw e;
            }
        }
    }

    private long next(int thread, int key, long moment) {
        if (order.agreed()) {
            moments.answered(order, key);
        }
        if (key + 1 == order.keys()) {
            return StampedeMoments.NEVER;
        }
        find(thread, key + 1, moment + order.gapNanos());
        if (order.agreed()) {
            return moments.next(order, moment);
        }
        long next = moment + order.gapNanos();
        StampedeMoments.await(next);
        return System.nanoTime() < order.end() ? next : StampedeMoments.NEVER;
    }

    @SuppressWarnings("CatchAndPrintStackTrace") // the count is in the tables; the reason is for whoever looks
    private long ask(int k, long moment) {
        String key = prefix + k;
        try {
            String answer = contender.getOrCreate(key, missing -> create(missing, k, moment));
            long nanos = System.nanoTime() - moment;
            if (answer.equals(key)) {
                return nanos;
            }
            throw new IllegalStateException("another key's value");
        } catch (Throwable e) {
            if (!told.getAndSet(true)) {
                e.printStackTrace();
            }
            return StampedePart.FAILED;
        }
    }

    private String create(String key, int number, long moment) {
        created.incrementAndGet();
        long now = System.nanoTime();
        begun[number] = now - moment;
        StampedeMoments.await(now + TimeUnit.MILLISECONDS.toNanos(order.creatorMillis()));
        return key;
    }
}
