package dev.getorcreate.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Where the parts leave what they measured: beside the build's other results. */
final class Results {

    /** In place of a figure. */
    static final String NOT_MEASURED = "not measured";

    static final Path FOLDER = Path.of("bench", "target", "results");

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final JsonMapper LINE = JsonMapper.builder().build();

    private Results() {}

    /** Writes the raw data of a part, and what it was measured on. */
    static void write(String part, Map<String, ?> data) {
        write(part + ".json", json(part, true, data));
    }

    /** As {@link #write(String, Map)}, of a part that goes on: should it fail, this stays. */
    static void soFar(String part, Map<String, ?> data) {
        write(part + ".json", json(part, false, data));
    }

    static String json(String part, boolean isComplete, Map<String, ?> data) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("part", part);
        all.put("complete", isComplete);
        all.put("machine", Machine.load());
        all.putAll(Machine.facts());
        all.putAll(data);
        return JSON.writeValueAsString(all) + "\n";
    }

    static void write(String file, String text) {
        try {
            Files.createDirectories(FOLDER);
            replace(FOLDER.resolve(file), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nobody finds half of it, also if this process ends meanwhile. */
    static void replace(Path file, String text) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.writeString(next, text);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** The last line of a part: the ratios that the targets name. */
    static void print(Map<String, ?> ratios) {
        System.out.println("RESULT " + LINE.writeValueAsString(ratios));
    }

    /** As it is worth being told; what is no number, which rounding would make a 0 or a huge one, is {@link #NOT_MEASURED}. */
    static Object rounded(double value) {
        return Double.isFinite(value) ? Math.round(value * 1000) / 1000.0 : NOT_MEASURED;
    }
}
