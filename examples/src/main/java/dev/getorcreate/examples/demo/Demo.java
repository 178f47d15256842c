package dev.getorcreate.examples.demo;

import dev.getorcreate.testkit.Leashed;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** The demo's parent process. */
public final class Demo {

    private Demo() {}

    public static void main(String[] args) throws Exception {
        Options options;
        try {
            options = Options.parse(List.of(args));
        } catch (IllegalArgumentException e) {
            System.err.println("demo: " + e.getMessage() + "\nTry './demo --help'.");
            System.exit(2);
            return;
        }
        if (options.help()) {
            System.out.print(usage());
            return;
        }
        Path folder = Leashed.folder("getorcreate-demo-");
        Console console = new Console(System.out, System.console() != null);
        try (Servers servers = new Servers()) {
            String id = Long.toString(System.currentTimeMillis() % 1_000_000_000, 36);
            Run.Recorded naive =
                    new Run(Mode.NAIVE, options, options.seconds(), servers, folder, id, console).play();
            console.say("%s", new Report(List.of(new Audit(naive).figures())).text());
        }
    }

    private static String usage() throws IOException {
        try (InputStream text = Objects.requireNonNull(Demo.class.getResourceAsStream("usage.txt"), "usage.txt")) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
