package dev.getorcreate.testkit.interleavings;

import dev.getorcreate.spi.Changes;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.SharedSpace;
import dev.getorcreate.spi.SharedStore;
import dev.getorcreate.testkit.InMemoryRedis;
import dev.getorcreate.testkit.InMemorySharedStore;
import dev.getorcreate.testkit.WireFaults;
import java.time.Duration;

/**
 * One process's client of an {@link InMemoryRedis}, with a network between the two: each command is a step where it takes
 * effect, and what comes back, replies and pushes in the order of the wire, arrives by steps of its own, whenever they are
 * taken. Made by {@link SteppedProcess#sharedStore}.
 */
public final class SteppedSharedStore implements SharedStore {

    private final InMemorySharedStore real;
    private final Setup setup;
    private final SteppedProcess process;

    // Guard of both: the baton. Numbers of what was sent and of what arrived, on the connection that there is.
    private long sent;
    private long arrived;

    SteppedSharedStore(
            Setup setup, SteppedProcess process, InMemoryRedis server, Duration maxStaleness, Duration commandTimeout) {
        this.setup = setup;
        this.process = process;
        this.real = new InMemorySharedStore(server, process.time(), maxStaleness, commandTimeout);
        // A poll is drawn at random, and the ends of claims wake a waiter too.
        real.polling(false);
        real.faults().hold();
        process.helper(process.name() + "'s wire", this::arriving);
    }

    static String connection(Proc proc) {
        return "process connection of " + proc.name;
    }

    @SuppressWarnings("InfiniteLoopStatement") // ended by the end of the run
    private void arriving() {
        WireFaults wire = real.faults();
        while (true) {
            Steps.waits(connection(process.proc()), "arrives", wire::isArriving, Long.MAX_VALUE);
            Steps.touches(connection(process.proc()), false);
            Steps.touches(onItsWay(arrived++), true);
            Steps.answers("a reply");
            wire.arriveOne();
        }
    }

    private String onItsWay(long number) {
        return "process wire of " + process.name() + " " + number;
    }

    /** Who sees what the commands of all the processes touch. */
    static final class Observer implements InMemoryRedis.Observer {

        private final Setup setup;

        Observer(Setup setup) {
            this.setup = setup;
        }

        @Override
        public void touched(String rawKey, boolean written) {
            Steps.touches("redis " + rawKey, written);
            Steps.touches("redis as a whole", false);
        }

        @Override
        public void touchedAll() {
            Steps.touches("redis as a whole", true);
        }

        @Override
        public void asked(InMemorySharedStore by) {
            Steps.touches(connection(setup.of(by).process.proc()), false);
        }

        @Override
        public void sent(InMemorySharedStore to) {
            SteppedSharedStore store = setup.of(to);
            Steps.touches("process end of the wire of " + store.process.name(), true);
            Steps.touches(connection(store.process.proc()), false);
            Steps.touches(store.onItsWay(store.sent++), true);
        }

        @Override
        public void relinked(InMemorySharedStore by) {
            SteppedSharedStore store = setup.of(by);
            store.arrived = store.sent;
            Steps.touches(connection(store.process.proc()), true);
        }
    }

    @Override
    public <K> SharedSpace<K> open(String cache, KeyCodec<K> keys, String codecId, Changes<K> changes) {
        Changes<K> told = key -> {
            Steps.answers("a push: " + key + " changed");
            changes.changed(key);
        };
        return new SteppedSpace<>(real.open(cache, keys, codecId, told), process.proc());
    }

    @Override
    public Duration maxStaleness() {
        return real.maxStaleness();
    }

    InMemorySharedStore real() {
        return real;
    }

    /** From now on all arrives at once: for a setup or a check that asks by itself. */
    public void settle() {
        real.faults().release();
    }

    /** Ends {@link #settle}: what comes back from now on arrives by steps. */
    public void unsettle() {
        real.faults().hold();
        arrived = sent;
    }

    /** A fault: the process ends, and its connection is closed. */
    public void mayCrash() {
        process.mayCrash(real::close);
    }

    /** A fault: the connection is lost, as the next command meets it or, if there is none, at once. */
    public void mayLose(WireFaults.Loss when) {
        String what = process.name() + "'s connection is lost "
                + (when == WireFaults.Loss.BEFORE_EFFECT ? "before" : "after") + " a command's effect";
        setup.mayHappen(what, () -> {
            Steps.touches(connection(process.proc()), true);
            real.faults().loseAtNextCommand(when);
        });
    }

    /** A fault: the connection is lost between commands, with all that was on its way. */
    public void mayLose() {
        setup.mayHappen(process.name() + "'s connection is lost", this::lose);
    }

    /** As part of a step: the connection is lost now. */
    public void lose() {
        Steps.touches(connection(process.proc()), true);
        Steps.touches("process end of the wire of " + process.name(), true);
        real.faults().loseConnection();
    }

    @Override
    public String toString() {
        return process.name() + "'s shared store";
    }
}
