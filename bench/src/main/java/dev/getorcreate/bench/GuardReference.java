package dev.getorcreate.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What the guard compares with: a file that is kept with the sources. */
final class GuardReference {

    static final Path FILE = Path.of("bench", "guard.json");

    private final Path file;
    private final ObjectNode all;

    private GuardReference(Path file, ObjectNode all) {
        this.file = file;
        this.all = all;
    }

    static GuardReference read(Path file) throws IOException {
        JsonNode read = JsonMapper.shared().readTree(Files.readString(file));
        if (read instanceof ObjectNode all) {
            return new GuardReference(file, all);
        }
        throw new IllegalStateException(file + " is no JSON object");
    }

    double margin() {
        return all.path("margin").doubleValue();
    }

    /** None: it is no number. */
    double ratio(String name) {
        return all.path("ratios").path(name).doubleValue(Double.NaN);
    }

    /**
     * Writes what was measured; all else stays as it is.
     *
     * @param loads of the machine before each part was measured
     */
    void replace(Map<String, String> loads, Map<String, Double> ratios) throws IOException {
        ObjectNode on = all.withObject("/measuredOn");
        loads.forEach(on::put);
        ObjectNode kept = all.withObject("/ratios");
        ratios.forEach(kept::put);
        Files.writeString(
                file,
                JsonMapper.builder()
                                .enable(SerializationFeature.INDENT_OUTPUT)
                                .build()
                                .writeValueAsString(all)
                        + "\n");
    }
}
