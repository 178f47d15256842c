package dev.getorcreate.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Puts what the parts printed into one page, and their ratios into one object. */
final class Summary {

    private static final String RESULT = "RESULT ";
    /** Said while it is measured. */
    private static final Pattern PROGRESS = Pattern.compile(".*(round \\d+ of \\d+|warms up).*");
    /** Of a part that measures with several creators, that of this many milliseconds speaks for it. */
    private static final String SPEAKER = "creator20";

    private Summary() {}

    /** Arguments: the parts, whose output is at {@code PART.txt}. */
    public static void main(String[] args) throws IOException {
        StringBuilder page = new StringBuilder("# What was measured\n\n" + Machine.load() + ".\n\n");
        Machine.facts()
                .forEach((name, fact) ->
                        page.append("- ").append(name).append(": ").append(fact).append('\n'));
        Map<String, JsonNode> results = new LinkedHashMap<>();
        for (String part : args) {
            Path printed = Results.FOLDER.resolve(part + ".txt");
            List<String> lines = Files.exists(printed) ? Files.readAllLines(printed) : List.of("It printed nothing.");
            page.append("\n## ").append(part).append('\n');
            for (String line : lines) {
                if (line.startsWith(RESULT)) {
                    results.put(part, JsonMapper.shared().readTree(line.substring(RESULT.length())));
                } else if (!PROGRESS.matcher(line).matches()) {
                    page.append(line).append('\n');
                }
            }
            pictures(part, page);
        }
        Results.write("results.md", page.toString());
        Map<String, Object> all = new LinkedHashMap<>();
        results.forEach((part, result) -> {
            lift(result.path(SPEAKER), all);
            lift(result, all);
        });
        all.putAll(results);
        Results.write("results.json", JsonMapper.shared().writeValueAsString(all) + "\n");
        System.out.println("written: " + Results.FOLDER.resolve("results.md"));
        Results.print(all);
    }

    /** Single figures stand by their names, for whoever looks for one without knowing the part that measures it. */
    private static void lift(JsonNode result, Map<String, Object> all) {
        result.properties().forEach(each -> {
            if (each.getValue().isNumber()) {
                all.putIfAbsent(each.getKey(), each.getValue());
            }
        });
    }

    private static void pictures(String part, StringBuilder page) throws IOException {
        try (Stream<Path> files = Files.list(Results.FOLDER)) {
            String own = Pattern.quote(part) + "(-.*)?\\.svg";
            for (Path file : files.filter(each -> each.getFileName().toString().matches(own))
                    .sorted()
                    .toList()) {
                page.append("\n![")
                        .append(part)
                        .append("](")
                        .append(file.getFileName())
                        .append(")\n");
            }
        }
    }
}
