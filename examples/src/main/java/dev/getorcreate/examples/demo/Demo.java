package dev.getorcreate.examples.demo;

import dev.getorcreate.testkit.Leashed;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;

/** The demo's parent process: starts the servers, plays the runs, says what came of them. */
public final class Demo {

    private static final Path PAGE = Path.of("examples", "target", "whiteboard.html");

    /** The third run takes this part of the others' time. */
    private static final int CLAIM_ONLY_PART = 3;

    private final Options options;
    private final Servers servers;
    private final Path folder;
    private final Console console;
    private final String id = Long.toString(System.currentTimeMillis(), 36);

    private Demo(Options options, Servers servers, Path folder, Console console) {
        this.options = options;
        this.servers = servers;
        this.folder = folder;
        this.console = console;
    }

    public static void main(String[] args) {
        // Whatever the locale says: lanes are drawn with characters that ASCII has not.
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        System.exit(run(List.of(args), new Console(out, Boolean.getBoolean("demo.terminal"))));
    }

    private static int run(List<String> args, Console console) {
        Options options;
        try {
            options = Options.parse(args);
        } catch (IllegalArgumentException e) {
            System.err.println("demo: " + e.getMessage() + "\nTry './demo --help'.");
            return 2;
        }
        try {
            if (options.help()) {
                console.say("%s", usage().stripTrailing());
                return 0;
            }
            console.say("Starting Redis and PostgreSQL");
            Path folder = Leashed.folder("getorcreate-demo-");
            try (Servers servers = Servers.start()) {
                return new Demo(options, servers, folder, console).play() ? 0 : 1;
            } finally {
                Leashed.removeFolder(folder);
            }
        } catch (Exception e) {
            System.err.println("demo: " + (e.getMessage() == null ? e : e.getMessage()));
            return 1;
        }
    }

    private boolean play() throws Exception {
        console.say(
                "%d processes of %d threads. Most requests are hits; %d times a second a fresh key is asked for by 2 to %1$d"
                        + "%nprocesses within %d ms. Its creator takes %d ms. The first two runs play the same schedule (seed %d).",
                options.processes(),
                options.threads(),
                Schedule.KEYS_PER_SECOND,
                Schedule.WINDOW / 1_000_000,
                OrderCreator.WORK / 1_000_000,
                options.seed());
        Run.Recorded naive = run(1, Mode.NAIVE, options.seconds());
        Run.Recorded cured = run(2, Mode.CURED, options.seconds());
        Run.Recorded claimOnly = run(3, Mode.CLAIM_ONLY, options.seconds() / CLAIM_ONLY_PART);
        List<Figures> figures =
                List.of(new Audit(naive).figures(), new Audit(cured).figures(), new Audit(claimOnly).figures());
        whiteboard(naive, cured, figures);
        console.say("%n%s", new Report(figures).text());
        Result result = new Result(options, figures.get(0), figures.get(1), figures.get(2));
        console.say("%s", result.words());
        if (options.keep()) {
            console.say("%nThe servers stay up until Ctrl-C; schemas begin with %s", Run.PREFIX + id);
            console.say("  %s%n  %s", servers.redisUrl(), servers.postgresUrl());
        }
        console.say("RESULT %s", result.json());
        if (options.keep()) {
            new CountDownLatch(1).await();
        }
        return result.problems().isEmpty();
    }

    private Run.Recorded run(int number, Mode mode, int seconds) throws Exception {
        console.say("%nRun %d of 3, %s: %s", number, mode.title(), mode.detail());
        return new Run(mode, options, seconds, servers, folder, id, console).play();
    }

    private void whiteboard(Run.Recorded naive, Run.Recorded cured, List<Figures> figures) throws IOException {
        StoryPicker.Pair pair = new StoryPicker(naive, cured).best();
        if (pair == null) {
            return;
        }
        console.say("%nThe whiteboard: a duplicate of this very run, and the same key's story in the cured one%n");
        console.say("%s", TextBoard.draw(pair, console.colours()));
        new HtmlPage(pair, figures, options).write(PAGE);
        console.say("  As a page: %s", PAGE);
    }

    private static String usage() throws IOException {
        try (InputStream text = Objects.requireNonNull(Demo.class.getResourceAsStream("usage.txt"), "usage.txt")) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
