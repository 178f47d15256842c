package dev.getorcreate.proof.chaos;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A process's own file of events. Each is given to the operating system before the process goes on, so that a kill loses
 * the line that was being written at most.
 */
final class HistoryWriter implements AutoCloseable {

    private final int process;
    private final int life;
    private final OutputStream out;

    HistoryWriter(Path folder, int process, int life) throws IOException {
        this.process = process;
        this.life = life;
        this.out = Files.newOutputStream(
                folder.resolve(History.fileOf(process, life)), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /** The moment is the one at which this is called. */
    void write(Event.Kind kind, long call, String key, Object detail) {
        long at = System.nanoTime();
        String text = String.valueOf(detail).replace('\n', ' ');
        append(new Event(at, kind, process, life, call, key, text));
    }

    private void append(Event event) {
        byte[] line = event.toLine().getBytes(StandardCharsets.UTF_8);
        synchronized (out) {
            try {
                out.write(line);
            } catch (IOException e) {
                throw new UncheckedIOException("the history cannot be written", e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
