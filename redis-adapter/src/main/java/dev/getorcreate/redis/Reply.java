package dev.getorcreate.redis;

import io.lettuce.core.RedisException;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.ArrayOutput;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.output.ValueOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolKeyword;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One command and its reply. What must be noted in the order of the wire is noted in {@link #complete()}, which Lettuce
 * calls on the connection's thread before anybody else learns of the reply; a callback on the future could run on the
 * asking thread instead.
 */
final class Reply<T> extends AsyncCommand<byte[], byte[], T> {

    /** More often than this, the servers do not know themselves who has the key. */
    private static final int MAX_HOPS = 50;
    /** More often than a key changes its place while one asks for it. */
    private static final int GOING_ROUND = 5;

    private final Consumer<CommandOutput<byte[], byte[], T>> onWire;
    /** Is told of each link that it is about to be sent over. */
    private final Consumer<Link> onSend;
    /** Guard: volatile. The link that it was last sent over. */
    private volatile @Nullable Link link;
    /** Guard: volatile; counted by the one connection's thread that has it. */
    private volatile int hops;

    /** Guard: volatile. The last server's word that somebody else has the key. */
    private volatile @Nullable String sentOn;

    /** When it was sent on last; written before {@link #sentOn}. */
    private long sentOnAt;

    /** Guard: volatile. It was sent on, and there is no way there yet. */
    private volatile boolean astray;

    /** Written on the connection's thread: Lettuce read something as its reply. */
    private boolean read;

    /** Guard: volatile. It was answered, and something that follows it was not yet. */
    private volatile boolean heldBack;

    private Reply(
            ProtocolKeyword type,
            CommandOutput<byte[], byte[], T> output,
            CommandArgs<byte[], byte[]> args,
            Consumer<CommandOutput<byte[], byte[], T>> onWire) {
        this(type, output, args, over -> {}, onWire);
    }

    private Reply(
            ProtocolKeyword type,
            CommandOutput<byte[], byte[], T> output,
            CommandArgs<byte[], byte[]> args,
            Consumer<Link> onSend,
            Consumer<CommandOutput<byte[], byte[], T>> onWire) {
        super(new Command<>(type, output, args));
        this.onSend = onSend;
        this.onWire = onWire;
    }

    @Override
    public void complete() {
        read = true;
        Link over = link;
        if (over != null && over.isLost()) { // also where its server answered: what was read may be another command's
            super.completeExceptionally(new RedisException("the connection was lost"));
            return;
        }
        CommandOutput<byte[], byte[], T> output = getOutput();
        if (!isDone() && output != null) {
            String elsewhere = elsewhere(output);
            if (elsewhere != null && over != null && hops < MAX_HOPS) {
                output.setError((String) null);
                over.redirect(this, elsewhere);
                return;
            }
            onWire.accept(output);
        }
        if (!heldBack) {
            super.complete();
        }
    }

    /** Where reading fails, Lettuce fails the oldest command, and gives its reply to the next one, and so on. */
    @Override
    public boolean completeExceptionally(Throwable cause) {
        boolean failed = super.completeExceptionally(cause);
        Link over = link;
        if (over != null && !read && !over.isLost() && Refusals.isOfReading(cause)) {
            over.giveUp("the client failed while reading");
        }
        return failed;
    }

    /** On the thread that sees the wire, in its callback: whoever waits learns of it only at {@link #handOver}. */
    void holdBack(boolean on) {
        heldBack = on;
    }

    boolean isHeldBack() {
        return heldBack;
    }

    /** Completes a reply that was held back. Any thread. */
    void handOver() {
        super.complete();
    }

    /** A cluster's word that somebody else has the key, or null. */
    private static @Nullable String elsewhere(CommandOutput<?, ?, ?> output) {
        String error = output.getError();
        return error != null && (error.startsWith("MOVED ") || error.startsWith("ASK ")) ? error : null;
    }

    /** Is about to be sent over this link, for the first time or again. */
    void sending(Link over) {
        link = over;
        astray = false;
        read = false;
        onSend.accept(over);
    }

    /** Counts a redirection, to there, at this time. */
    void hop(String elsewhere, long now) {
        int before = hops;
        hops = before + 1;
        sentOnAt = now;
        sentOn = elsewhere;
        astray = true;
    }

    /** Why it is still under way, if that is no server's silence: they send it on, for the last time since then. */
    @Nullable
    String goingRound(long since) {
        boolean lost = astray; // before what it is about, which is written before it
        String last = sentOn;
        if (lost) {
            return "answered " + last + ", to which there is no connection";
        }
        return last == null || hops < GOING_ROUND || sentOnAt - since < 0
                ? null
                : "answered " + last + ", and so on " + hops + " times: they do not agree who has the key";
    }

    /** Over which it was last sent; null before that. */
    @Nullable
    Link link() {
        return link;
    }

    static Reply<byte[]> get(
            byte[] key, Consumer<Link> onSend, Consumer<CommandOutput<byte[], byte[], byte[]>> onWire) {
        return new Reply<>(
                CommandType.GET, new ValueOutput<>(ByteArrayCodec.INSTANCE), args().addKey(key), onSend, onWire);
    }

    /**
     * A whole value; empty if there is none. As good as a GET for tracking, and told apart from it in the server's
     * statistics: one is for a cache's generation, the other for records.
     */
    static Reply<byte[]> getRange(
            byte[] key, Consumer<Link> onSend, Consumer<CommandOutput<byte[], byte[], byte[]>> onWire) {
        return new Reply<>(
                CommandType.GETRANGE,
                new ValueOutput<>(ByteArrayCodec.INSTANCE),
                args().addKey(key).add(0).add(-1),
                onSend,
                onWire);
    }

    /**
     * {@code SET key value NX GET PX life}: nil if it was set, else what stands there. Where the server does not know
     * that, a script does the same. A life of 0 is for ever.
     */
    static Reply<byte[]> setIfAbsent(
            boolean plain,
            byte[] key,
            byte[] value,
            long lifeMillis,
            Consumer<CommandOutput<byte[], byte[], byte[]>> onWire) {
        CommandArgs<byte[], byte[]> args = plain
                ? args().addKey(key).addValue(value).add("NX").add("GET")
                : args().add(Script.SET_IF_ABSENT.text()).add(1).addKey(key).addValue(value);
        if (lifeMillis > 0) {
            args.add("PX").add(lifeMillis);
        }
        CommandType type = plain ? CommandType.SET : CommandType.EVAL;
        return new Reply<>(type, new ValueOutput<>(ByteArrayCodec.INSTANCE), args, onWire);
    }

    static Reply<String> set(
            byte[] key, byte[] value, Consumer<Link> onSend, Consumer<CommandOutput<byte[], byte[], String>> onWire) {
        return new Reply<>(
                CommandType.SET,
                new StatusOutput<>(ByteArrayCodec.INSTANCE),
                args().addKey(key).addValue(value),
                onSend,
                onWire);
    }

    static Reply<byte[]> replace(
            byte[] key,
            byte[] claim,
            long leaseMillis,
            byte[] seen,
            Consumer<CommandOutput<byte[], byte[], byte[]>> onWire) {
        CommandArgs<byte[], byte[]> args = args().add(Script.REPLACE.text())
                .add(1)
                .addKey(key)
                .addValue(claim)
                .add(leaseMillis)
                .addValue(seen);
        return new Reply<>(CommandType.EVAL, new ValueOutput<>(ByteArrayCodec.INSTANCE), args, onWire);
    }

    /** A script that answers with a number; by its digest, or where the server does not know it yet by its text. */
    static Reply<Long> script(
            Script script,
            boolean byText,
            byte[] key,
            Consumer<CommandOutput<byte[], byte[], Long>> onWire,
            byte[]... values) {
        CommandArgs<byte[], byte[]> args =
                args().add(byText ? script.text() : script.sha()).add(1).addKey(key);
        for (byte[] value : values) {
            args.addValue(value);
        }
        return new Reply<>(
                byText ? CommandType.EVAL : CommandType.EVALSHA,
                new IntegerOutput<>(ByteArrayCodec.INSTANCE),
                args,
                onWire);
    }

    static Reply<Long> delete(byte[] key, Consumer<Link> onSend, Consumer<CommandOutput<byte[], byte[], Long>> onWire) {
        return new Reply<>(
                CommandType.DEL, new IntegerOutput<>(ByteArrayCodec.INSTANCE), args().addKey(key), onSend, onWire);
    }

    static Reply<Long> remainingLife(byte[] key) {
        return new Reply<>(
                CommandType.PTTL, new IntegerOutput<>(ByteArrayCodec.INSTANCE), args().addKey(key), ignored -> {});
    }

    static Reply<String> ping(Consumer<CommandOutput<byte[], byte[], String>> onWire) {
        return new Reply<>(CommandType.PING, new StatusOutput<>(ByteArrayCodec.INSTANCE), args(), onWire);
    }

    /** Asks for RESP3, in which alone changes are told. */
    static Reply<List<Object>> hello() {
        return new Reply<>(CommandType.HELLO, new ArrayOutput<>(ByteArrayCodec.INSTANCE), args().add(3), ignored -> {});
    }

    /** The names of the commands that a cache needs and this user may not run on the key. Runs none of them. */
    static Reply<List<Object>> rights(byte[] key, boolean clustered) {
        CommandArgs<byte[], byte[]> args =
                args().add(Script.RIGHTS.text()).add(0).addKey(key).add(clustered ? 1 : 0);
        return new Reply<>(CommandType.EVAL, new ArrayOutput<>(ByteArrayCodec.INSTANCE), args, ignored -> {});
    }

    /** Which node has which slots. */
    static Reply<List<Object>> clusterSlots(Consumer<CommandOutput<byte[], byte[], List<Object>>> onWire) {
        return new Reply<>(
                CommandType.CLUSTER, new ArrayOutput<>(ByteArrayCodec.INSTANCE), args().add("SLOTS"), onWire);
    }

    /** How a node sees its cluster. */
    static Reply<String> clusterInfo(Consumer<CommandOutput<byte[], byte[], String>> onWire) {
        return new Reply<>(
                CommandType.CLUSTER, new StatusOutput<>(ByteArrayCodec.INSTANCE), args().add("INFO"), onWire);
    }

    /** Whether a server is an upstream or a replica, among other things. */
    static Reply<String> replicationInfo(Consumer<CommandOutput<byte[], byte[], String>> onWire) {
        return new Reply<>(
                CommandType.INFO, new StatusOutput<>(ByteArrayCodec.INSTANCE), args().add("replication"), onWire);
    }

    /** Lets the next command through to a key that is on its way to that node. */
    static Reply<String> asking() {
        return new Reply<>(CommandType.ASKING, new StatusOutput<>(ByteArrayCodec.INSTANCE), args(), ignored -> {});
    }

    private static CommandArgs<byte[], byte[]> args() {
        return new CommandArgs<>(ByteArrayCodec.INSTANCE);
    }
}
