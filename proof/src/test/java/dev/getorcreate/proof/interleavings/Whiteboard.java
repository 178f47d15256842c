package dev.getorcreate.proof.interleavings;

import dev.getorcreate.testkit.interleavings.Counterexample;
import dev.getorcreate.testkit.interleavings.Drawing;
import dev.getorcreate.testkit.interleavings.Interleavings;
import dev.getorcreate.testkit.interleavings.Report;
import dev.getorcreate.testkit.interleavings.Setup;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What {@code ./whiteboard} runs: the race, found and drawn, or one order of it; or the engine, in which none is found. */
public final class Whiteboard {

    private static final Path FOLDER = Path.of("target", "whiteboard");

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    /** Of the run that is going on. Guard: one run at a time. */
    private World world;

    private Whiteboard() {}

    /** One of no argument, {@code --engine} and {@code --replay STRING}. */
    public static void main(String[] args) throws IOException {
        System.exit(new Whiteboard().run(List.of(args)));
    }

    private int run(List<String> args) throws IOException {
        if (args.isEmpty()) {
            return sixLines();
        }
        if (args.equals(List.of("--engine"))) {
            return engine();
        }
        if (args.size() == 2 && args.get(0).equals("--replay")) {
            return replayed(args.get(1));
        }
        System.err.println("whiteboard: unknown arguments " + args + "; see ./whiteboard --help");
        return 2;
    }

    private int sixLines() throws IOException {
        out.println("Two callers, and the six lines of cache-aside: every order of their steps\n");
        Report report = Interleavings.of(SixLines::scenario).explore(SixLines::oneRecord);
        if (report.failure().isEmpty()) {
            out.println("nothing found: " + report);
            return 1;
        }
        Drawing drawing = report.failure().get().drawing();
        out.println(drawing.text());
        out.println("  To run just this again: ./whiteboard --replay "
                + report.failure().get().replay());
        result(List.of(report), drawing, "race.svg");
        return 0;
    }

    /** One order of the race, whether it goes wrong or not. */
    private int replayed(String replay) throws IOException {
        try {
            Interleavings race = Interleavings.of(SixLines::scenario);
            Report report = race.replay(replay, SixLines::oneRecord);
            Drawing drawing = report.failure().map(Counterexample::drawing).orElseGet(() -> race.draw(replay));
            out.println(drawing.text());
            result(List.of(report), drawing, "replay.svg");
            return 0;
        } catch (IllegalArgumentException | IllegalStateException e) {
            System.err.println("whiteboard: " + e.getMessage());
            return 2;
        }
    }

    private int engine() throws IOException {
        List<Report> reports = List.of(
                explore("two processes of two and one callers", explorer(world -> world.callers(2, 1))),
                explore("two processes of one caller, and one fault at every place", explorer(world -> world.callers(
                                1, 1)
                        .processFaults("P1")
                        .processFaults("P2")
                        .serverFaults())));
        Drawing drawing = explorer(world -> world.callers(1, 1)).draw("");
        out.println("\nOne of them, in which everybody goes on in order:\n");
        out.println(drawing.text());
        result(reports, drawing, "engine.svg");
        return reports.stream().allMatch(report -> report.violations() == 0) ? 0 : 1;
    }

    private interface Scenario {
        void prepare(World world);
    }

    private Interleavings explorer(Scenario scenario) {
        return Interleavings.of((Setup setup) -> {
            world = new World(setup);
            scenario.prepare(world);
        });
    }

    private Report explore(String what, Interleavings explorer) {
        out.println(what + ":");
        Report report = explorer.explore(result -> world.judge(result));
        out.println("  " + report);
        report.failure().ifPresent(failure -> out.println(failure.why() + "\n" + failure.drawing()));
        return report;
    }

    private void result(List<Report> reports, Drawing drawing, String name) throws IOException {
        Files.createDirectories(FOLDER);
        Path svg = FOLDER.resolve(name);
        Files.writeString(svg, drawing.svg());
        out.printf(
                Locale.ROOT,
                "RESULT {\"interleavings\": %d, \"violations\": %d, \"millis\": %d, \"svg\": \"%s\"}%n",
                reports.stream().mapToLong(Report::interleavings).sum(),
                reports.stream().mapToLong(Report::violations).sum(),
                reports.stream().mapToLong(Report::millis).sum(),
                svg.toString().replace('\\', '/'));
    }
}
