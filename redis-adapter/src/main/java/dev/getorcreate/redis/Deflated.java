package dev.getorcreate.redis;

import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/** A compressed payload: its original length (int), then zlib's format, whose checksum finds broken bytes out. */
final class Deflated {

    /** What is larger is stored as it is, and believed of no payload, which could else fill the reader's memory. */
    static final int MOST = 64 << 20;

    /** Deflate cannot make more than this out of one byte, so a length beyond it is a lie. */
    private static final int GREATEST_RATIO = 1032;

    private Deflated() {}

    /** The payload compressed; null if that does not make it smaller. */
    static byte @Nullable [] of(byte[] payload) {
        int room = payload.length - Integer.BYTES - 1;
        if (room < 1 || payload.length > MOST) {
            return null;
        }
        byte[] out = new byte[room];
        Deflater deflater = new Deflater();
        try {
            deflater.setInput(payload);
            deflater.finish();
            int length = deflater.deflate(out);
            return deflater.finished()
                    ? ByteBuffer.allocate(Integer.BYTES + length)
                            .putInt(payload.length)
                            .put(out, 0, length)
                            .array()
                    : null;
        } finally {
            deflater.end();
        }
    }

    /** The original, or null if these bytes are none that {@link #of} gave. */
    static byte @Nullable [] inflate(ByteBuffer compressed) {
        int length = compressed.remaining() < Integer.BYTES ? -1 : compressed.getInt();
        if (length < 0 || length > MOST || length / GREATEST_RATIO > compressed.remaining()) {
            return null;
        }
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(compressed);
            byte[] out = new byte[length];
            int done = 0;
            while (done < length) {
                int more = inflater.inflate(out, done, length - done);
                if (more == 0) {
                    return null; // cut short, or it wants a dictionary
                }
                done += more;
            }
            boolean ended = inflater.inflate(new byte[1]) == 0 && inflater.finished();
            return ended && inflater.getRemaining() == 0 ? out : null;
        } catch (DataFormatException e) {
            return null;
        } finally {
            inflater.end();
        }
    }
}
