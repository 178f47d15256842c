package dev.getorcreate.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * When all ask for the next key, agreed between processes in memory that they share: whoever is answered last says when.
 * Nobody is woken for it and no message is sent, since both would be measured; a caller sleeps until the next key is due
 * and only then looks whether it was put off. So it is put off by a whole gap, or by several, and it is only with
 * contenders that are slower than the gap that callers look while others still wait for an answer.
 */
final class StampedeMoments {

    /** No more keys. */
    static final long NEVER = Long.MAX_VALUE;

    /** After the last answer, so that everybody is at rest again. */
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(50);

    private static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final int MOMENT = 0;
    /** On a cache line of its own: callers write it while others read the moment. */
    private static final int ANSWERED = 128;

    private final ByteBuffer shared;
    private final int processes;

    /**
     * The part of one process, or of the one that gives the orders.
     *
     * @param file the same for all
     */
    StampedeMoments(Path file, int processes) {
        this.processes = processes;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            shared = channel.map(FileChannel.MapMode.READ_WRITE, 0, 2 * ANSWERED);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Before the order is given. */
    void begin(StampedeOrder order) {
        LONGS.setVolatile(shared, ANSWERED, 0L);
        LONGS.setVolatile(shared, MOMENT, order.start());
    }

    /** Of the key that is asked for now. */
    long current() {
        return (long) LONGS.getVolatile(shared, MOMENT);
    }

    /** Said by each caller once it is answered. */
    void answered(StampedeOrder order, int key) {
        long all = (key + 1L) * order.threads() * processes;
        if ((long) LONGS.getAndAdd(shared, ANSWERED, 1L) + 1 == all) {
            long moment = current();
            long late = System.nanoTime() + PAUSE - moment;
            long gaps = Math.max(1, (late + order.gapNanos() - 1) / order.gapNanos());
            LONGS.setVolatile(shared, MOMENT, moment + gaps * order.gapNanos());
        }
    }

    /** The next key's moment, once it has come; {@link #NEVER} if somebody is not answered, or the time is over. */
    long next(StampedeOrder order, long moment) {
        long look = moment + order.gapNanos();
        long agreed = moment;
        while (agreed == moment) {
            if (look - moment > StampedeOrder.PATIENCE) {
                return NEVER;
            }
            await(look);
            agreed = current();
            look += order.gapNanos();
        }
        if (agreed > order.end()) {
            return NEVER;
        }
        await(agreed);
        return agreed;
    }

    static void await(long moment) {
        long left = moment - System.nanoTime();
        while (left > 0) {
            LockSupport.parkNanos(left);
            left = moment - System.nanoTime();
        }
    }
}
