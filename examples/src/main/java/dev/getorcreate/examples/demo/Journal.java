package dev.getorcreate.examples.demo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One process's events, in a file that is mapped into memory: an event costs a few stores and no system call, and what
 * was written survives a {@code kill -9} of the writer.
 */
final class Journal {

    private static final int SIZE = 40;
    private static final int MAX_EVENTS = 40_000_000;

    private final MappedByteBuffer bytes;
    private final int capacity;
    private final AtomicInteger next = new AtomicInteger();

    private Journal(MappedByteBuffer bytes, int capacity) {
        this.bytes = bytes;
        this.capacity = capacity;
    }

    /** A new file; its blocks are taken from the disk only as they are written. */
    static Journal create(Path file, int capacity) throws IOException {
        int events = Math.min(capacity, MAX_EVENTS);
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return new Journal(channel.map(MapMode.READ_WRITE, 0, (long) events * SIZE), events);
        }
    }

    /** Notes what the calling thread did. Keys outside of the schedule are left out. */
    @SuppressWarnings("EnumOrdinal") // read by the same classes a minute later
    void write(Event.Kind kind, int note, int key, long from, long to, long record) {
        if (key < 0) {
            return;
        }
        int slot = next.getAndIncrement();
        if (slot >= capacity) {
            throw new IllegalStateException("the journal is full after " + capacity + " events");
        }
        int at = slot * SIZE;
        bytes.putInt(at + 4, Caller.current() << 8 | note);
        bytes.putInt(at + 8, key);
        bytes.putLong(at + 16, from);
        bytes.putLong(at + 24, to);
        bytes.putLong(at + 32, record);
        // Last, so that a writer that was killed between the stores leaves a slot that is skipped.
        bytes.putInt(at, kind.ordinal());
    }

    /** All events of a process that has ended. */
    static List<Event> read(Path file, int process) throws IOException {
        Event.Kind[] kinds = Event.Kind.values();
        List<Event> events = new ArrayList<>();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer all = channel.map(MapMode.READ_ONLY, 0, channel.size());
            int gap = 0;
            // A killed writer leaves at most one unfinished slot a thread; a longer stretch of nothing is the end.
            for (int at = 0; at + SIZE <= all.capacity() && gap < 1_000; at += SIZE) {
                int kind = all.getInt(at);
                if (kind == 0) {
                    gap++;
                    continue;
                }
                gap = 0;
                int who = all.getInt(at + 4);
                events.add(new Event(
                        process,
                        who >> 8,
                        kinds[kind],
                        who & 0xff,
                        all.getInt(at + 8),
                        all.getLong(at + 16),
                        all.getLong(at + 24),
                        all.getLong(at + 32)));
            }
        }
        return events;
    }
}
