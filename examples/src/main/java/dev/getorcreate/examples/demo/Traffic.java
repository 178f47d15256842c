package dev.getorcreate.examples.demo;

import dev.getorcreate.Outcome;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** Plays one process's part of the schedule: each thread asks when its time has come, or at once if it is late. */
final class Traffic {

    private static final int WARM_UP_KEYS = 20;
    private static final int WARM_UP_HITS = 8;
    private static final long WARM_UP_PATIENCE = 60_000_000_000L;
    private static final long WARM_UP_PAUSE = 100_000_000L;
    private static final long TICK_NANOS = 500_000_000L;
    private static final int SHOWN_ERRORS = 5;

    /** Told now and then how far things are. */
    interface Progress {
        void at(long requests, long creatorRuns);
    }

    private final Job job;
    private final Subject subject;
    private final OrderCreator creator;
    private final Journal journal;
    private final LongAdder requests = new LongAdder();
    private final AtomicInteger errors = new AtomicInteger();
    private volatile long warmUpRuns;
    private final List<Iterator<Schedule.Ask>> parts = new ArrayList<>();

    Traffic(Job job, Subject subject, OrderCreator creator, Journal journal) {
        this.job = job;
        this.subject = subject;
        this.creator = creator;
        this.journal = journal;
        Schedule schedule = job.schedule();
        for (int thread = 0; thread < job.threads(); thread++) {
            parts.add(schedule.asks(job.process(), thread));
        }
    }

    /**
     * Loads classes, opens connections and lets the compiler see the path, on keys that no other process has: first by
     * one thread until it works, since a cold JVM can be too slow for any time-out, then by all.
     */
    void warmUp() throws Exception {
        long giveUp = System.nanoTime() + WARM_UP_PATIENCE;
        for (int attempt = 1; !works(attempt, giveUp); attempt++) {
            LockSupport.parkNanos(WARM_UP_PAUSE);
        }
        inParallel(thread -> {
            for (int key = 0; key < WARM_UP_KEYS; key++) {
                for (int again = 0; again < WARM_UP_HITS; again++) {
                    ask(Worker.WARM_UP + job.process() + "-" + thread + "-" + key);
                }
            }
        });
        warmUpRuns = creator.runs();
    }

    private boolean works(int attempt, long giveUp) throws Exception {
        try {
            subject.ask(Worker.WARM_UP + job.process() + "-first-" + attempt);
            return true;
        } catch (Exception e) {
            if (System.nanoTime() - giveUp > 0) {
                throw e;
            }
            return false;
        }
    }

    /** Begins at this moment of {@link System#nanoTime()}; returns at once. */
    void start(long begin, Progress progress, Runnable done) {
        Thread conductor = new Thread(
                () -> {
                    Thread ticker = ticker(progress);
                    try {
                        inParallel(thread -> play(begin, parts.get(thread)));
                        ticker.interrupt();
                        ticker.join();
                        progress.at(requests.sum(), creator.runs() - warmUpRuns);
                        done.run();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException("nobody interrupts the conductor", e);
                    }
                },
                "conductor");
        conductor.setDaemon(true);
        conductor.start();
    }

    private void play(long begin, Iterator<Schedule.Ask> part) {
        while (part.hasNext()) {
            Schedule.Ask ask = part.next();
            for (long left = begin + ask.at() - System.nanoTime(); left > 0; ) {
                LockSupport.parkNanos(left);
                left = begin + ask.at() - System.nanoTime();
            }
            ask(Names.key(ask.key()));
            requests.increment();
        }
    }

    @SuppressWarnings("EnumOrdinal") // read by the same classes a minute later
    private void ask(String key) {
        int number = Names.number(key);
        long from = System.nanoTime();
        try {
            Outcome<String> answer = subject.ask(key);
            long to = System.nanoTime();
            long record = Names.fingerprint(answer.value());
            journal.write(Event.Kind.ANSWER, answer.source().ordinal(), number, from, to, record);
        } catch (Exception e) {
            journal.write(Event.Kind.ERROR, Event.NO, number, from, System.nanoTime(), 0);
            if (errors.incrementAndGet() <= SHOWN_ERRORS) {
                e.printStackTrace();
            }
        }
    }

    private interface Part {
        void of(int thread);
    }

    private void inParallel(Part part) throws InterruptedException {
        CountDownLatch running = new CountDownLatch(job.threads());
        for (int thread = 0; thread < job.threads(); thread++) {
            int number = thread;
            new Caller(number, () -> {
                        try {
                            part.of(number);
                        } finally {
                            running.countDown();
                        }
                    })
                    .start();
        }
        running.await();
    }

    private Thread ticker(Progress progress) {
        Thread ticker = new Thread(
                () -> {
                    while (!Thread.currentThread().isInterrupted()) {
                        LockSupport.parkNanos(TICK_NANOS);
                        progress.at(requests.sum(), creator.runs() - warmUpRuns);
                    }
                },
                "ticker");
        ticker.setDaemon(true);
        ticker.start();
        return ticker;
    }
}
