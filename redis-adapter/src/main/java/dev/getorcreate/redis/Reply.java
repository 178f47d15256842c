package dev.getorcreate.redis;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.output.ValueOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One command and its reply. What must be noted in the order of the wire is noted in {@link #complete()}, which Lettuce
 * calls on the connection's thread before anybody else learns of the reply; a callback on the future could run on the
 * asking thread instead.
 */
final class Reply<T> extends AsyncCommand<byte[], byte[], T> {

    private final Consumer<CommandOutput<byte[], byte[], T>> onWire;

    private Reply(
            CommandType type,
            CommandOutput<byte[], byte[], T> output,
            CommandArgs<byte[], byte[]> args,
            Consumer<CommandOutput<byte[], byte[], T>> onWire) {
        super(new Command<>(type, output, args));
        this.onWire = onWire;
    }

    @Override
    public void complete() {
        CommandOutput<byte[], byte[], T> output = getOutput();
        if (!isDone() && output != null) {
            onWire.accept(output);
        }
        super.complete();
    }

    static Reply<byte[]> get(byte[] key, Consumer<CommandOutput<byte[], byte[], byte[]>> onWire) {
        return new Reply<>(CommandType.GET, new ValueOutput<>(ByteArrayCodec.INSTANCE), args().addKey(key), onWire);
    }

    /** {@code SET key claim NX GET PX lease}: nil if it was set, else what stands there. */
    static Reply<byte[]> claim(byte[] key, byte[] claim, long leaseMillis) {
        CommandArgs<byte[], byte[]> args = args().addKey(key)
                .addValue(claim)
                .add("NX")
                .add("GET")
                .add("PX")
                .add(leaseMillis);
        return new Reply<>(CommandType.SET, new ValueOutput<>(ByteArrayCodec.INSTANCE), args, ignored -> {});
    }

    static Reply<byte[]> replace(byte[] key, byte[] claim, long leaseMillis, byte[] seen) {
        CommandArgs<byte[], byte[]> args = args().add(Script.REPLACE.text())
                .add(1)
                .addKey(key)
                .addValue(claim)
                .add(leaseMillis)
                .addValue(seen);
        return new Reply<>(CommandType.EVAL, new ValueOutput<>(ByteArrayCodec.INSTANCE), args, ignored -> {});
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

    static Reply<Long> delete(byte[] key, Consumer<CommandOutput<byte[], byte[], Long>> onWire) {
        return new Reply<>(CommandType.DEL, new IntegerOutput<>(ByteArrayCodec.INSTANCE), args().addKey(key), onWire);
    }

    static Reply<Long> remainingLife(byte[] key) {
        return new Reply<>(
                CommandType.PTTL, new IntegerOutput<>(ByteArrayCodec.INSTANCE), args().addKey(key), ignored -> {});
    }

    static Reply<String> ping(Consumer<CommandOutput<byte[], byte[], String>> onWire) {
        return new Reply<>(CommandType.PING, new StatusOutput<>(ByteArrayCodec.INSTANCE), args(), onWire);
    }

    /** The error that this reply is, if it is one that the server doesn't know the script. */
    static boolean isNoScript(@Nullable Throwable error) {
        return error != null && String.valueOf(error.getMessage()).startsWith("NOSCRIPT");
    }

    private static CommandArgs<byte[], byte[]> args() {
        return new CommandArgs<>(ByteArrayCodec.INSTANCE);
    }
}
