package dev.getorcreate.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What the guard compares with: a file that is kept with the sources. */
final class GuardReference {

    private static final Path FILE = Path.of("bench", "guard.json");

    private final ObjectNode all;

    private GuardReference(ObjectNode all) {
        this.all = all;
    }

    static GuardReference read() throws IOException {
        JsonNode read = JsonMapper.shared().readTree(Files.readString(FILE));
        if (read instanceof ObjectNode all) {
            return new GuardReference(all);
        }
        throw new IllegalStateException(FILE + " is no JSON object");
    }

    double margin() {
        return all.path("margin").doubleValue();
    }

    /** None: it is no number. */
    double ratio(String name) {
        return all.path("ratios").path(name).doubleValue(Double.NaN);
    }

    /** Writes what was measured of those parts; all else stays as it is. */
    void replace(List<String> parts, Map<String, Double> ratios) throws IOException {
        ObjectNode on = all.withObject("/measuredOn");
        parts.forEach(part -> on.put(part, Machine.load()));
        ObjectNode kept = all.withObject("/ratios");
        ratios.forEach(kept::put);
        Files.writeString(
                FILE,
                JsonMapper.builder()
                                .enable(SerializationFeature.INDENT_OUTPUT)
                                .build()
                                .writeValueAsString(all)
                        + "\n");
    }
}
