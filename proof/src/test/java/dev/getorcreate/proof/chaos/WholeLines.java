package dev.getorcreate.proof.chaos;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The lines of a file, without holding it. */
final class WholeLines {

    private static final int BUFFER = 1 << 16;

    /** What is done with a line. */
    interface Reader {
        void line(String line) throws IOException;
    }

    private WholeLines() {}

    /** A process that is killed may leave a line without its end: that one did not happen. */
    static void of(Path file, Reader reader) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER)) {
            for (int next = in.read(); next >= 0; next = in.read()) {
                if (next == '\n') {
                    reader.line(line.toString(StandardCharsets.UTF_8));
                    line.reset();
                } else {
                    line.write(next);
                }
            }
        }
    }
}
