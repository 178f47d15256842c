package dev.getorcreate.examples.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/** The whiteboard and the figures as one page that needs nothing else. */
final class HtmlPage {

    private final StoryPicker.Pair pair;
    private final List<Figures> figures;
    private final Options options;

    HtmlPage(StoryPicker.Pair pair, List<Figures> figures, Options options) {
        this.pair = pair;
        this.figures = figures;
        this.options = options;
    }

    void write(Path file) throws IOException {
        Files.createDirectories(Objects.requireNonNull(file.getParent(), "a file in a folder"));
        Files.writeString(file, html());
    }

    String html() throws IOException {
        Story naive = pair.naive();
        Story cured = pair.cured();
        long length = Math.max(naive.length(), cured == null ? 0 : cured.length());
        return resource("whiteboard.html")
                .replace("{{key}}", naive.key())
                .replace("{{callers}}", words(naive.lanes().size()))
                .replace("{{lead}}", lead())
                .replace("{{boards}}", card(naive, length) + (cured == null ? "" : card(cured, length)))
                .replace("{{figures}}", figuresTable())
                .replace("{{setting}}", setting());
    }

    private String lead() {
        Figures naive = figures.get(0);
        return String.format(
                Locale.ROOT,
                "It happened to this key, and to others: <b>%s</b> in %,d creations, one in %d.",
                Figures.counted(naive.duplicates(), "duplicate row"),
                naive.rows(),
                naive.oneIn());
    }

    private String setting() {
        return String.format(
                Locale.ROOT,
                "%d processes of %d threads, %d s, seed %d. A fresh key is asked for by 2 to %1$d processes within %d ms;"
                        + " its creator takes %d ms.",
                options.processes(),
                options.threads(),
                options.seconds(),
                options.seed(),
                Schedule.WINDOW / 1_000_000,
                OrderCreator.WORK / 1_000_000);
    }

    private static String card(Story story, long length) {
        boolean naive = story.mode() == Mode.NAIVE;
        return String.format(
                Locale.ROOT,
                "<section class=\"card %s\"><header><h2>%s</h2><span class=\"verdict\">%s</span></header>"
                        + "<p class=\"detail\">%s</p>%s%s</section>",
                naive ? "naive" : "cured",
                naive ? "get, miss, create, set" : "getOrCreate",
                story.rows() == 1 ? "one row" : story.rows() + " rows for one key",
                naive
                        ? "The check and the set are two acts. Whoever looks in between (the red ring) finds nothing, and"
                                + " creates as well."
                        : "The look is followed by one atomic claim. Whoever comes second waits, and is woken by the publish.",
                new SvgBoard(story, length).draw(),
                later(story));
    }

    private static String later(Story story) {
        return story.later().stream()
                .map(lane -> String.format(
                        Locale.ROOT,
                        "<p class=\"later\">%s asked %.0f ms after the first and got row %d.</p>",
                        lane.name(),
                        lane.from() / 1e6,
                        lane.row()))
                .collect(Collectors.joining());
    }

    private String figuresTable() {
        Report report = new Report(figures);
        StringBuilder table = new StringBuilder("<table><thead><tr><th></th>");
        report.titles().forEach(title -> table.append("<th>").append(title).append("</th>"));
        table.append("</tr></thead><tbody>");
        for (Report.Line line : report.lines()) {
            table.append(line.matters() ? "<tr class=\"matters\">" : "<tr>");
            table.append("<td>").append(line.label()).append("</td>");
            line.cells().forEach(cell -> table.append("<td>").append(cell).append("</td>"));
            table.append("</tr>");
        }
        return table.append("</tbody></table>").toString();
    }

    private static String words(int number) {
        return switch (number) {
            case 2 -> "Two";
            case 3 -> "Three";
            case 4 -> "Four";
            default -> Integer.toString(number);
        };
    }

    private static String resource(String name) throws IOException {
        try (InputStream text = Objects.requireNonNull(HtmlPage.class.getResourceAsStream(name), name)) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
