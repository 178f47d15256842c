package dev.getorcreate.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.runner.RunnerException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Says whether a ratio to Caffeine or to a raw {@code GET}, measured in one run, got worse than a reference by more than
 * its margin, and that in each of the run's rounds. It reports and never fails: on a machine that does other things too, speed proves nothing.
 */
final class Guard {

    private static final Path REFERENCE = Path.of("bench", "guard.json");
    private static final double MARGIN = 0.25;
    /** Of all others, less is better. */
    private static final String MORE_IS_BETTER = "sharedThroughputRatio";

    private static final List<String> WATCHED =
            List.of("localHitRatio", "sharedHitRatio", MORE_IS_BETTER, "sharedClientCpuRatio");

    private Guard() {}

    /** {@code --write}: what is measured now becomes the reference. {@code --only LocalHit|SharedHit}: that part. */
    public static void main(String[] args) throws RunnerException, IOException {
        Quiet.logs();
        Arguments given = new Arguments(args);
        boolean writing = given.flag("--write");
        List<String> parts = given.some("--only", List.of("LocalHit", "SharedHit"));
        given.end();
        Map<String, Object> measured = new LinkedHashMap<>();
        if (parts.contains("LocalHit")) {
            measured.putAll(
                    LocalHitRounds.run("--quick", "--threads", "1", "--contenders", "caffeineExpiringWithStats,ours"));
        }
        if (parts.contains("SharedHit")) {
            measured.putAll(
                    SharedHit.run("--quick", "--contenders", "lettuceGet,ours", "--sizes", "100", "--rounds", "9"));
        }
        if (writing) {
            Map<String, Object> ratios = new LinkedHashMap<>(measured);
            ratios.keySet().retainAll(WATCHED);
            write(ratios);
        }
        System.out.println();
        Results.print(Map.of("guardWorse", worse(measured)));
    }

    /** Prints a line for each ratio; the names of those that got worse. */
    private static List<String> worse(Map<String, Object> measured) throws IOException {
        JsonNode reference = JsonMapper.shared().readTree(Files.readString(REFERENCE));
        double margin = reference.path("margin").doubleValue();
        List<String> worse = new ArrayList<>();
        for (String name : WATCHED) {
            if (!measured.containsKey(name)) {
                continue;
            }
            double least = number(measured, name + "Least");
            double greatest = number(measured, name + "Greatest");
            double was = reference.path("ratios").path(name).doubleValue();
            double change = name.equals(MORE_IS_BETTER) ? was / greatest - 1 : least / was - 1;
            boolean isWorse = change > margin;
            if (isWorse) {
                worse.add(name);
            }
            System.out.printf(
                    Locale.ROOT,
                    "guard: %s %.2f (%.2f to %.2f), was %.2f (at best %+.0f %%, margin %.0f %%): %s%n",
                    name,
                    number(measured, name),
                    least,
                    greatest,
                    was,
                    change * 100,
                    margin * 100,
                    isWorse ? "WORSE" : "ok");
        }
        return worse;
    }

    private static double number(Map<String, Object> measured, String name) {
        return measured.get(name) instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    private static void write(Map<String, Object> measured) throws IOException {
        Map<String, Object> reference = new LinkedHashMap<>();
        reference.put("margin", MARGIN);
        reference.put("measuredOn", Machine.load());
        reference.put("ratios", measured);
        Files.writeString(
                REFERENCE,
                JsonMapper.builder()
                                .enable(SerializationFeature.INDENT_OUTPUT)
                                .build()
                                .writeValueAsString(reference)
                        + "\n");
    }
}
