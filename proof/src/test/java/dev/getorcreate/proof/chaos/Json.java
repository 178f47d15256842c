package dev.getorcreate.proof.chaos;

import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Objects in one line each. */
final class Json {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Json() {}

    static String write(Map<String, Object> object) {
        return MAPPER.writeValueAsString(object);
    }

    static Map<String, Object> read(String line) {
        return MAPPER.readValue(line, new TypeReference<Map<String, Object>>() {});
    }
}
