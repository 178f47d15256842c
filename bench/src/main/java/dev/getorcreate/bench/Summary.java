package dev.getorcreate.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Puts what the parts printed into one page, and their ratios into one object. */
final class Summary {

    private static final String RESULT = "RESULT ";
    /** Said while it is measured. */
    private static final Pattern PROGRESS = Pattern.compile(".*round \\d+ of \\d+.*");

    private Summary() {}

    /** Arguments: the parts, whose output is at {@code PART.txt}. */
    public static void main(String[] args) throws IOException {
        StringBuilder page = new StringBuilder("# What was measured\n\n" + Machine.load() + ".\n");
        Map<String, JsonNode> results = new LinkedHashMap<>();
        for (String part : args) {
            List<String> lines = Files.readAllLines(Results.FOLDER.resolve(part + ".txt"));
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
        Results.write("results.json", JsonMapper.shared().writeValueAsString(results) + "\n");
        System.out.println("written: " + Results.FOLDER.resolve("results.md"));
        Results.print(results);
    }

    private static void pictures(String part, StringBuilder page) throws IOException {
        try (var files = Files.newDirectoryStream(Results.FOLDER, part + "*.svg")) {
            for (Path file : files) {
                page.append("\n![")
                        .append(part)
                        .append("](")
                        .append(file.getFileName())
                        .append(")\n");
            }
        }
    }
}
