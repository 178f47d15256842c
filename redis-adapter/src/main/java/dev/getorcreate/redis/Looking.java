package dev.getorcreate.redis;

import dev.getorcreate.SharedStoreUnavailableException;
import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.Token;
import dev.getorcreate.spi.Vouch;
import dev.getorcreate.spi.Watch;
import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One tracked GET. What it showed is worked out, and the watch told, on the thread that sees the wire, before the asking
 * thread learns of it: a change that passes after that then finds a flight that has read.
 */
final class Looking {

    /**
     * What a space knows for reading.
     *
     * @param codecId of the space's records
     * @param waiters whose counts are noted in a {@link Look.Held}
     * @param generations what was read under an old one is not kept locally
     * @param invalidations whose keys are not kept locally
     */
    @SuppressWarnings("ArrayRecordComponent") // a parameter object; compared by nobody
    record Sight(byte[] codecId, Waiters waiters, Generations generations, Invalidations invalidations) {}

    static final Consumer<Look> NOTHING_MORE = look -> {};

    private final Sight sight;
    private final Place place;
    private final Watch watch;
    private final @Nullable Token only;
    private final Consumer<Look> then;
    private final Reply<byte[]> reply;
    /** Guard: volatile; written before the command is. */
    private volatile @Nullable Vouch word;
    /** Written on the connection's thread before the reply completes. */
    private @Nullable Look look;

    /** Written as {@link #look} is. */
    private boolean ahead;

    /**
     * Prepares it, to be sent at once.
     *
     * @param only if not null, the watch is told only of the record with this stamp
     * @param then is told of the answer on the thread that sees the wire
     */
    Looking(Sight sight, Place place, Watch watch, @Nullable Token only, Consumer<Look> then) {
        this.sight = sight;
        this.place = place;
        this.watch = watch;
        this.only = only;
        this.then = then;
        // The word of an earlier state of a link is the weaker one: so it is taken before the command is written.
        this.reply = Reply.get(place.whole(), over -> word = over.word(sight.generations()), this::answered);
    }

    Reply<byte[]> reply() {
        return reply;
    }

    private void answered(CommandOutput<byte[], byte[], byte[]> output) {
        Pending owed = place.owed();
        if (owed != null
                && !output.hasError()
                && !sight.invalidations().isAnswered(owed, place.generation(), reply.link())) {
            ahead = true;
            output.setError("an invalidation of this key was not carried out, and what stands there may be older");
        }
        Look seen = read(output);
        if (seen == null) {
            return; // an error; the reply fails with it
        }
        look = seen;
        Vouch under = word;
        if (seen instanceof Look.Present record && under != null && isWanted(record) && isCurrent()) {
            watch.answered(under);
        }
        then.accept(seen);
    }

    private @Nullable Look read(CommandOutput<byte[], byte[], byte[]> output) {
        if (output.hasError()) {
            return output.getError().startsWith("WRONGTYPE") ? Payload.otherType() : null;
        }
        byte[] bytes = output.get();
        return bytes == null ? Look.Nothing.NOTHING : Payload.read(bytes, sight.codecId(), this::changes);
    }

    private long changes() {
        return sight.waiters().changesOf(ByteBuffer.wrap(place.whole()));
    }

    private boolean isCurrent() {
        return sight.generations().isCurrent(place.generation())
                && !sight.invalidations().isPending(place.key());
    }

    private boolean isWanted(Look.Present record) {
        return only == null || Payload.isStampedBy(record.seen(), only);
    }

    /** Waits for the answer, for at most the command time-out. Not for the connection's thread: it may take a while. */
    Look await() {
        return Payload.opened(awaitAnswer());
    }

    /** As {@link #await}, whatever the payload is. */
    Look awaitAnswer() {
        try {
            place.link().await(reply);
        } catch (SharedStoreUnavailableException e) {
            if (look == null) {
                throw e;
            }
        }
        return Objects.requireNonNull(look, "a reply without an error was read");
    }

    /** Whether it was refused because it came in front of an invalidation that may be under way. */
    boolean wasAhead() {
        return ahead;
    }

    /** Whether it was answered, and by something that stands there. */
    boolean hasShownSomething() {
        return reply.isDone() && look != null && !(look instanceof Look.Nothing);
    }

    /** Is told of the end, be it an answer or not, on whatever thread. */
    void whenEnded(Runnable told) {
        var unused = reply.whenComplete((bytes, error) -> told.run());
    }

    /** Is told if there will be no answer, on whatever thread. */
    void failing(Consumer<Throwable> told) {
        var unused = reply.whenComplete((bytes, error) -> {
            if (error != null && look == null) {
                told.accept(error);
            }
        });
    }
}
