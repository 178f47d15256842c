package dev.getorcreate.examples.demo;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;

/**
 * Who asks for which key, and when: all of it follows from the seed, so that every process works out its own part, and
 * every run plays the same traffic. A shorter schedule is the beginning of a longer one.
 */
final class Schedule {

    /** The askers of a fresh key arrive within this time, each at a moment drawn evenly from it. */
    static final long WINDOW = 150_000_000L;

    static final int KEYS_PER_SECOND = 50;

    /** Between two hits of one thread, on average. */
    private static final long HIT_PAUSE = 25_000_000L;

    /** A key is asked for as an old one only this long after it was first asked for. */
    private static final long GROWN_UP = 300_000_000L;

    /** How often a process asks for a fresh key with two threads instead of one. */
    private static final double SECOND_THREAD = 0.25;

    /** One request: when, in nanoseconds after the start, and for which key. */
    record Ask(long at, int key) {}

    /** One of those who ask for a fresh key. */
    record Asker(int process, int thread, long at) {}

    private final long seed;
    private final int threads;
    private final long end;
    private final long[] born;
    private final List<List<Asker>> askers;

    Schedule(long seed, int processes, int threads, int seconds) {
        this.seed = seed;
        this.threads = threads;
        this.end = seconds * 1_000_000_000L;
        int keys = seconds * KEYS_PER_SECOND;
        this.born = new long[keys];
        this.askers = new ArrayList<>(keys);
        long step = 1_000_000_000L / KEYS_PER_SECOND;
        for (int key = 0; key < keys; key++) {
            SplittableRandom random = random(key, 0);
            born[key] = key * step + random.nextLong(step);
            askers.add(askersOf(random, born[key], processes));
        }
    }

    private List<Asker> askersOf(SplittableRandom random, long birth, int processes) {
        int wanted = 2 + random.nextInt(processes - 1);
        int first = random.nextInt(processes);
        List<Asker> all = new ArrayList<>();
        for (int i = 0; i < wanted; i++) {
            int process = (first + i) % processes;
            int thread = random.nextInt(threads);
            all.add(new Asker(process, thread, birth + random.nextLong(WINDOW)));
            if (threads > 1 && random.nextDouble() < SECOND_THREAD) {
                int other = (thread + 1 + random.nextInt(threads - 1)) % threads;
                all.add(new Asker(process, other, birth + random.nextLong(WINDOW)));
            }
        }
        all.sort(Comparator.comparingLong(Asker::at));
        return List.copyOf(all);
    }

    /** How many fresh keys there are. */
    int keys() {
        return born.length;
    }

    /** Who asks for this key while it is fresh, in the order of arrival. */
    List<Asker> askers(int key) {
        return askers.get(key);
    }

    /** All requests of one thread, in order of time. */
    Iterator<Ask> asks(int process, int thread) {
        List<Ask> fresh = new ArrayList<>();
        for (int key = 0; key < born.length; key++) {
            for (Asker asker : askers.get(key)) {
                if (asker.process() == process && asker.thread() == thread) {
                    fresh.add(new Ask(asker.at(), key));
                }
            }
        }
        fresh.sort(Comparator.comparingLong(Ask::at));
        return new Merged(fresh, new Hits(random(-1 - process, 1 + thread)));
    }

    private SplittableRandom random(long a, long b) {
        // Two rounds, so that neighbouring numbers give streams that have nothing to do with each other.
        long mixed = new SplittableRandom(seed ^ (a * 0x9E3779B97F4A7C15L)).nextLong();
        return new SplittableRandom(mixed ^ (b * 0xC2B2AE3D27D4EB4FL));
    }

    /** Requests for keys that exist already. */
    private final class Hits {
        private final SplittableRandom random;
        private long at = GROWN_UP;

        Hits(SplittableRandom random) {
            this.random = random;
        }

        Ask next() {
            at += (long) (-Math.log(1 - random.nextDouble()) * HIT_PAUSE);
            int grown = (int) Math.min(born.length, Math.max(1, (at - GROWN_UP) / (1_000_000_000L / KEYS_PER_SECOND)));
            // Evenly spread logarithms are Zipf's law with exponent 1: few keys are hot, most are asked for now and
            // then.
            int key = (int) Math.pow(grown, random.nextDouble()) - 1;
            return new Ask(at, key);
        }
    }

    private final class Merged implements Iterator<Ask> {
        private final Iterator<Ask> fresh;
        private final Hits hits;
        private Ask nextFresh;
        private Ask nextHit;

        Merged(List<Ask> fresh, Hits hits) {
            this.fresh = fresh.iterator();
            this.hits = hits;
            this.nextFresh = pull();
            this.nextHit = hits.next();
        }

        private Ask pull() {
            return fresh.hasNext() ? fresh.next() : new Ask(Long.MAX_VALUE, -1);
        }

        @Override
        public boolean hasNext() {
            return nextFresh.key() >= 0 || nextHit.at() < end;
        }

        @Override
        public Ask next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Ask next;
            if (nextFresh.at() <= nextHit.at()) {
                next = nextFresh;
                nextFresh = pull();
            } else {
                next = nextHit;
                nextHit = hits.next();
            }
            return next;
        }
    }
}
