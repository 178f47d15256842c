package dev.getorcreate.proof.chaos;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Sequences of fresh keys, each walked by callers of at least two processes. All go on to the next key as soon as they have
 * an answer, and an answer comes to all of them at about the same time: so they meet at every key, and nobody waits to do
 * so. Where a lane has got to stands in memory that the processes share; it outlives any of them.
 */
final class Lanes {

    static final String FILE = "lanes";

    /** A line of the hardware's cache each. */
    private static final int APART = 64;

    private static final int JOINED = Long.BYTES;

    private static final long PATIENCE = 5_000_000L;
    private static final long GLANCE = 100_000L;

    private static final VarHandle NUMBER =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final long seed;
    private final int processes;
    private final int count;
    private final ByteBuffer reached;

    private Lanes(long seed, int processes, int count, ByteBuffer reached) {
        this.seed = seed;
        this.processes = processes;
        this.count = count;
        this.reached = reached;
    }

    /** Those of all processes that name the same file. */
    static Lanes in(Path folder, String name, Job job) throws IOException {
        int count = job.threads() * (job.processes() / 2);
        try (FileChannel file = FileChannel.open(
                folder.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer shared = file.map(FileChannel.MapMode.READ_WRITE, 0, (long) count * APART);
            return new Lanes(job.seed(), job.processes(), count, shared);
        }
    }

    int count() {
        return count;
    }

    /** The lane of a thread in a round; each round draws anew who walks with whom. */
    int of(int process, int thread, long round) {
        List<Integer> order = IntStream.range(0, processes).boxed().collect(Collectors.toCollection(ArrayList::new));
        Collections.shuffle(order, new Random(seed * 31 + round * 1_000_003L + thread));
        int pairs = processes / 2;
        // An odd one walks with the last pair.
        return thread * pairs + Math.min(order.indexOf(process) / 2, pairs - 1);
    }

    /**
     * The lane's key to ask for, by somebody who asked for that one last: where the others are, or the next. Who had no
     * company waits a little for some, or one that is cut off would soon have walked the lane alone.
     */
    long after(int lane, long last) {
        long patience = System.nanoTime() + PATIENCE;
        while (reached(lane) == last && joined(lane) < last && System.nanoTime() - patience < 0) {
            LockSupport.parkNanos(GLANCE);
        }
        long here = reached(lane);
        if (here == last) {
            here = (long) NUMBER.compareAndExchange(reached, lane * APART, last, last + 1);
            if (here == last) {
                return last + 1;
            }
        }
        NUMBER.setVolatile(reached, lane * APART + JOINED, here);
        return here;
    }

    /** The newest key at which there was company. */
    private long joined(int lane) {
        return (long) NUMBER.getVolatile(reached, lane * APART + JOINED);
    }

    /** The newest key that anybody asked for; 0 if there is none. */
    long reached(int lane) {
        return (long) NUMBER.getVolatile(reached, lane * APART);
    }
}
