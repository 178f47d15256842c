package dev.getorcreate.proof.tla;

import dev.getorcreate.testkit.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs TLC on the model, in a JVM of its own. */
final class Tlc {

    private static final String MODULE = "GetOrCreate.tla";
    private static final Path MODEL = Path.of("src", "test", "tla").toAbsolutePath();
    private static final Path WORK = Path.of("target", "tlc").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofMinutes(20);

    private static final Pattern COUNTS =
            Pattern.compile("(\\d+) states generated, (\\d+) distinct states found, (\\d+) states left on queue\\.");
    private static final Pattern COVERED = Pattern.compile("<(\\w+) line .*>: (\\d+):(\\d+)");
    private static final Pattern INVARIANT = Pattern.compile("Error: Invariant (\\w+) is violated\\.");

    private Tlc() {}

    /**
     * What came out of it.
     *
     * @param complete whether all states were looked at and no promise was found broken
     * @param violated the invariant, I6 for the temporal property, or none
     * @param actions how often each action was taken; empty unless asked for
     */
    record Result(
            boolean complete,
            String violated,
            long generated,
            long distinct,
            Map<String, Long> actions,
            double seconds,
            List<String> output) {

        String row(String name) {
            return String.format(Locale.ROOT, "%-40s | %-4s | %9d | %6.1f s", name, violated, distinct, seconds);
        }

        String text() {
            return String.join("\n", output);
        }
    }

    /** Checks the configuration of this name as it is, and counts how often each action is taken. */
    static Result check(String configuration) {
        return run(MODEL.resolve(configuration + ".cfg"), configuration, "-coverage", "60");
    }

    /** Checks the configuration with one break switched on. */
    static Result checkBroken(String configuration, String broken) {
        try {
            String intact = Files.readString(MODEL.resolve(configuration + ".cfg"));
            String text = intact.replace("Broken = {}", "Broken = {\"" + broken + "\"}");
            if (text.equals(intact)) {
                throw new AssertionError(configuration + ".cfg has no 'Broken = {}'");
            }
            String name = broken.replaceAll("\\W", "-");
            // TLC finds a configuration only beside its module.
            Path folder = Files.createDirectories(WORK.resolve(name + ".model"));
            Files.copy(MODEL.resolve(MODULE), folder.resolve(MODULE), StandardCopyOption.REPLACE_EXISTING);
            return run(Files.writeString(folder.resolve(name + ".cfg"), text), name);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Result run(Path configuration, String name, String... more) {
        List<String> args = new ArrayList<>(List.of(
                "-workers", "2", "-metadir", WORK.resolve(name).toString(), "-config", configuration.toString()));
        args.addAll(List.of(more));
        args.add(configuration.resolveSibling(MODULE).toString());
        List<String> output = new ArrayList<>();
        long start = System.nanoTime();
        try (ChildJvm tlc = ChildJvm.start(
                "tlc", List.of("-XX:+UseParallelGC", "-Xmx1g"), tlc2.TLC.class, args.toArray(String[]::new))) {
            tlc.expect(
                    line -> {
                        output.add(line);
                        return line.startsWith("Finished in ");
                    },
                    PATIENCE);
            boolean ended = tlc.awaitExit(Duration.ofMinutes(1)) == 0;
            return result(ended, (System.nanoTime() - start) / 1e9, output);
        }
    }

    private static Result result(boolean ended, double seconds, List<String> output) {
        long generated = 0;
        long distinct = 0;
        boolean emptied = false;
        String violated = "none";
        Map<String, Long> actions = new TreeMap<>();
        for (String line : output) {
            Matcher counts = COUNTS.matcher(line);
            Matcher covered = COVERED.matcher(line);
            Matcher invariant = INVARIANT.matcher(line);
            if (counts.matches()) {
                generated = Long.parseLong(counts.group(1));
                distinct = Long.parseLong(counts.group(2));
                emptied = counts.group(3).equals("0");
            } else if (covered.matches()) {
                actions.put(covered.group(1), Long.parseLong(covered.group(3)));
            } else if (invariant.matches()) {
                violated = invariant.group(1);
            } else if (line.equals("Error: Temporal properties were violated.")) {
                violated = "I6";
            }
        }
        boolean complete = ended && emptied && output.contains("Model checking completed. No error has been found.");
        return new Result(complete, violated, generated, distinct, actions, seconds, output);
    }
}
