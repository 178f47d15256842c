package dev.getorcreate.proof.chaos;

import dev.getorcreate.testkit.Leashed;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** {@code ./chaos}: plays a run, or takes the history of one, and judges it. */
public final class Chaos {

    /** Writes a history into a folder. */
    interface Playing {
        void into(Path folder) throws Exception;
    }

    /** Where histories are kept. */
    private static final Path KEPT = Path.of("proof", "target", "chaos");

    private static final int STORIES = 3;
    private static final int STORY_LINES = 150;

    private final Consumer<String> out;

    Chaos(Consumer<String> out) {
        this.out = out;
    }

    /** Ends with 0 if nothing was violated, 1 if something was, 2 if the options are nonsense. */
    public static void main(String[] args) {
        System.exit(run(List.of(args)));
    }

    private static int run(List<String> args) {
        Options options;
        try {
            options = Options.parse(args, System.currentTimeMillis() % 1_000_000);
        } catch (IllegalArgumentException e) {
            System.err.println("chaos: " + e.getMessage() + "\nTry './chaos --help'.");
            return 2;
        }
        try {
            if (options.help()) {
                System.out.print(usage());
                return 0;
            }
            Chaos chaos = new Chaos(System.out::println);
            Path check = options.check();
            if (check != null) {
                return chaos.judge(check) ? 0 : 1;
            }
            Path into = options.into();
            if (into != null) {
                LongRun pieces = new LongRun(piece -> chaos.play(piece, into).result(), System.out::println);
                return pieces.play(options, into) ? 0 : 1;
            }
            return chaos.play(options, KEPT).isGood() ? 0 : 1;
        } catch (Exception | AssertionError e) {
            System.err.println("chaos: " + (e.getMessage() == null ? e : e.getMessage()));
            return 1;
        }
    }

    /**
     * Plays a run and judges it.
     *
     * @param kept where a history is put that is to be kept, in which something was violated, or
     *     that broke off
     */
    Verdict play(Options options, Path kept) throws Exception {
        out.accept("Seed %d: %d processes of %d threads, %s, %s arbiter"
                .formatted(
                        options.seed(),
                        options.processes(),
                        options.threads(),
                        options.topology(),
                        options.arbiter() ? "with the" : "without an"));
        return play(options, kept, folder -> new Run(options, folder, out).play());
    }

    /** As {@link #play(Options, Path)}, whoever plays. */
    Verdict play(Options options, Path kept, Playing playing) throws Exception {
        Path folder = Leashed.folder("getorcreate-chaos-");
        try {
            playing.into(folder);
            try (History history = History.read(folder)) {
                Verdict verdict = Checker.check(history);
                tell(verdict, options.keep() || !verdict.isGood() ? keep(folder, options, kept) : folder);
                return verdict;
            }
        } catch (Exception | AssertionError e) {
            keepWhatBrokeOff(folder, options, kept, e);
            throw e;
        } finally {
            Leashed.removeFolder(folder);
        }
    }

    /** Such a run is the one whose history somebody needs; before there was a fault log, there was nothing. */
    private void keepWhatBrokeOff(Path folder, Options options, Path kept, Throwable why) {
        if (Files.exists(folder.resolve(FaultLog.FILE))) {
            try {
                keep(folder, options, kept);
            } catch (IOException e) {
                why.addSuppressed(e);
            }
        }
    }

    private Path keep(Path folder, Options options, Path kept) throws IOException {
        Path to = kept.resolve("seed-" + options.seed() + "-" + System.currentTimeMillis());
        copy(folder, to);
        out.accept("The history is kept in " + to);
        return to;
    }

    private boolean judge(Path folder) throws IOException {
        try (History history = History.read(folder)) {
            Verdict verdict = Checker.check(history);
            tell(verdict, folder);
            return verdict.isGood();
        }
    }

    private void tell(Verdict verdict, Path folder) throws IOException {
        Set<String> keys = new LinkedHashSet<>();
        verdict.violations().forEach(violation -> keys.add(violation.key()));
        keys.remove(Event.NO_KEY);
        for (String key : keys.stream().limit(STORIES).toList()) {
            tellStory(verdict, key);
        }
        for (Violation violation : verdict.violations().stream().limit(40).toList()) {
            out.accept("VIOLATED %s of %s: %s".formatted(violation.kind(), violation.key(), violation.what()));
        }
        if (!verdict.isGood()) {
            out.accept(verdict.violations().size() + " violations; seed "
                    + verdict.history().facts().seed() + ", history in " + folder);
        }
        out.accept(verdict.isGood() ? "Nothing was violated" : "Something was violated");
        out.accept("RESULT " + verdict.json());
    }

    private void tellStory(Verdict verdict, String key) throws IOException {
        out.accept("The story of " + key + ", in milliseconds:");
        List<String> lines = Story.of(verdict.history(), key);
        int first = Math.max(0, lines.size() - STORY_LINES);
        if (first > 0) {
            out.accept("  (its first " + first + " lines are left out)");
        }
        lines.subList(first, lines.size()).forEach(line -> out.accept("  " + line));
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        List<Path> files;
        try (Stream<Path> all = Files.list(from)) {
            files = new ArrayList<>(all.toList());
        }
        for (Path file : files) {
            Files.copy(file, to.resolve(file.getFileName()));
        }
    }

    private static String usage() throws IOException {
        try (InputStream text = Objects.requireNonNull(Chaos.class.getResourceAsStream("usage.txt"), "usage.txt")) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
