package dev.getorcreate.testkit;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Cuts a stream of bytes into the parts of its protocol. Used by one thread. */
final class Frames {

    /** More bytes are needed to know the length. */
    static final int UNKNOWN = -1;

    /** A protocol's way to know where a part ends. */
    interface Length {
        /** Of the part that begins at {@code from}, or {@link #UNKNOWN}; asked anew when more has arrived. */
        int of(byte[] bytes, int from, int to);
    }

    private final Length length;
    private byte[] rest = new byte[0];

    Frames(Length length) {
        this.length = length;
    }

    /** The parts that are whole now. What is not stays for later. */
    List<byte[]> whole(byte[] buffer, int arrived) {
        byte[] bytes = Arrays.copyOf(rest, rest.length + arrived);
        System.arraycopy(buffer, 0, bytes, rest.length, arrived);
        List<byte[]> parts = new ArrayList<>();
        int from = 0;
        while (from < bytes.length) {
            int next = length.of(bytes, from, bytes.length);
            if (next == UNKNOWN || next > bytes.length - from) {
                break;
            }
            parts.add(Arrays.copyOfRange(bytes, from, from + next));
            from += next;
        }
        rest = Arrays.copyOfRange(bytes, from, bytes.length);
        return parts;
    }

    static int bigEndian(byte[] bytes, int at) {
        return ByteBuffer.wrap(bytes).getInt(at);
    }
}
