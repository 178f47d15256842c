package dev.getorcreate.testkit.interleavings;

import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** The whiteboard as a picture. */
final class SvgDrawing {

    private static final double CHARACTER = 7.3;
    private static final double SMALL_CHARACTER = 6.5;
    private static final int LEFT = 56;
    private static final int RIGHT = 28;
    private static final int BOX = 40;
    private static final int ROW = 52;
    private static final int NARROWEST = 170;
    private static final int GAP = 28;

    private static final String STYLE = """
            <style>
              svg { --card: #ffffff; --ink: #1b2430; --soft: #6b7685; --line: #dfe4ea; --look: #ffffff; --edge: #9aa7b8;
                --act: #e3edff; --act-edge: #4f7fd9; --bad: #c8322b; --wash: #fdeceb; --fault: #fff3d6; --fault-edge: #c98a10 }
              @media (prefers-color-scheme: dark) {
                svg { --card: #12171e; --ink: #e8edf3; --soft: #94a0b0; --line: #2a333e; --look: #171d26; --edge: #5d6b7d;
                  --act: #1d3157; --act-edge: #6f9bf0; --bad: #ff7b72; --wash: #3a1d1f; --fault: #3b2f12; --fault-edge: #e0ab3d } }
              text { font: 13px ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; fill: var(--ink) }
              .card { fill: var(--card); stroke: var(--line) }
              .title { font-size: 17px; font-weight: 650; fill: var(--bad) }
              .plain { fill: var(--ink) }
              .why, .number, .answer { fill: var(--soft); font-size: 12px }
              .number { text-anchor: end; font-variant-numeric: tabular-nums }
              .name { font-weight: 650; font-size: 15px; text-anchor: middle }
              .life { stroke: var(--line); stroke-width: 2 }
              .path { fill: none; stroke: var(--edge); stroke-width: 1.4; stroke-dasharray: 2 4; stroke-linecap: round }
              .box { fill: var(--look); stroke: var(--edge); stroke-width: 1.2 }
              .acts { fill: var(--act); stroke: var(--act-edge) }
              .fault { fill: var(--fault); stroke: var(--fault-edge) }
              .edge { stroke: var(--bad); stroke-width: 2 }
              .label, .answer, .end { text-anchor: middle }
              .window { fill: var(--wash); stroke: var(--bad); stroke-opacity: .45; stroke-dasharray: 4 4 }
              .bracket { fill: none; stroke: var(--bad); stroke-width: 2.4; stroke-linecap: round; stroke-linejoin: round }
              .end { font-weight: 650 }
              .pill { fill: none; stroke: var(--line); stroke-width: 1.4 }
              .bad .pill { stroke: var(--bad); fill: var(--wash) }
              .bad .end { fill: var(--bad) }
            </style>
            """;

    private final Drawing drawing;
    private final List<Drawing.Lane> lanes;
    private final double[] middles;
    private final double[] widths;
    private final double width;
    private final int top;
    private final StringBuilder out = new StringBuilder();

    SvgDrawing(Drawing drawing) {
        this.drawing = drawing;
        this.lanes = drawing.lanes();
        this.middles = new double[lanes.size()];
        this.widths = new double[lanes.size()];
        double at = LEFT + GAP;
        for (int i = 0; i < lanes.size(); i++) {
            widths[i] = widest(i);
            middles[i] = at + widths[i] / 2;
            at += widths[i] + GAP;
        }
        this.width = Math.max(at + RIGHT, title().length() * 9.2 + 60);
        this.top = drawing.why() == null ? 92 : 112;
    }

    private double widest(int lane) {
        double widest = NARROWEST;
        String end = lanes.get(lane).end();
        widest = Math.max(widest, end == null ? 0 : end.length() * (CHARACTER + 0.8) + 28);
        for (Drawing.Row row : drawing.rows()) {
            if (row.lane() == lane) {
                widest = Math.max(widest, row.label().length() * CHARACTER + 24);
                String answer = row.answer();
                widest = Math.max(widest, answer == null ? 0 : answer.length() * SMALL_CHARACTER + 34);
            }
        }
        return widest;
    }

    private String title() {
        Window window = drawing.window();
        return window != null ? window.sentence() : drawing.why() == null ? "One interleaving" : "One that must not be";
    }

    String draw() {
        int height = top + drawing.rows().size() * ROW + 66;
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %d\" width=\"%1$.0f\" height=\"%2$d\""
                        + " role=\"img\" aria-label=\"%3$s\">",
                width, height, escaped(title()));
        out.append(STYLE);
        add("<rect class=\"card\" x=\"1\" y=\"1\" width=\"%.0f\" height=\"%d\" rx=\"16\"/>", width - 2, height - 2);
        add(
                "<text class=\"title%s\" x=\"28\" y=\"38\">%s</text>",
                drawing.why() == null ? " plain" : "", escaped(title()));
        String why = drawing.why();
        if (why != null) {
            add("<text class=\"why\" x=\"28\" y=\"60\">%s</text>", escaped(cut(why.replaceAll("\\s+", " "))));
        }
        window();
        for (int i = 0; i < lanes.size(); i++) {
            lane(i);
        }
        path();
        for (int i = 0; i < drawing.rows().size(); i++) {
            row(i, drawing.rows().get(i));
        }
        for (int i = 0; i < lanes.size(); i++) {
            end(i);
        }
        return out.append("</svg>\n").toString();
    }

    private String cut(String text) {
        int room = (int) ((width - 60) / SMALL_CHARACTER);
        return text.length() <= room ? text : text.substring(0, room - 1) + "…";
    }

    private int y(int row) {
        return top + row * ROW;
    }

    private void window() {
        Window window = drawing.window();
        if (window == null) {
            return;
        }
        int from = y(window.from()) - 5;
        int to = y(window.to()) + BOX + 5;
        add(
                "<rect class=\"window\" x=\"%d\" y=\"%d\" width=\"%.0f\" height=\"%d\" rx=\"10\"/>",
                LEFT + 8, from, middles[lanes.size() - 1] + widths[lanes.size() - 1] / 2 + 20 - LEFT - 8, to - from);
        add("<path class=\"bracket\" d=\"M%d %d h-8 v%d h8\"/>", LEFT + 16, from + 12, to - from - 24);
    }

    private void lane(int lane) {
        add(
                "<text class=\"name\" x=\"%.1f\" y=\"%d\">%s</text>",
                middles[lane], top - 20, escaped(lanes.get(lane).name()));
        add(
                "<line class=\"life\" x1=\"%.1f\" y1=\"%d\" x2=\"%1$.1f\" y2=\"%d\"/>",
                middles[lane], top - 10, y(drawing.rows().size()) + 8);
    }

    /** From each step to the next, where another one goes on: how the baton went. */
    private void path() {
        for (int i = 1; i < drawing.rows().size(); i++) {
            int from = drawing.rows().get(i - 1).lane();
            int to = drawing.rows().get(i).lane();
            if (from != to && from >= 0 && to >= 0) {
                int y1 = y(i - 1) + BOX;
                int y2 = y(i);
                add(
                        "<path class=\"path\" d=\"M%.1f %d C%.1f %d %.1f %d %.1f %d\"/>",
                        middles[from], y1, middles[from], y1 + 16, middles[to], y2 - 16, middles[to], y2);
            }
        }
    }

    private void row(int number, Drawing.Row row) {
        int y = y(number);
        add("<text class=\"number\" x=\"%d\" y=\"%d\">%d</text>", LEFT - 14, y + BOX / 2 + 4, number + 1);
        Window window = drawing.window();
        boolean edge = window != null && (number == window.from() || number == window.by() || number == window.to());
        double middle = row.lane() < 0 ? (middles[0] + middles[lanes.size() - 1]) / 2 : middles[row.lane()];
        double wide = row.lane() < 0 ? Math.max(row.says().length() * CHARACTER + 24, 200) : widths[row.lane()];
        add(
                "<rect class=\"box%s%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"9\"/>",
                row.fault() ? " fault" : row.writes() ? " acts" : "",
                edge ? " edge" : "",
                middle - wide / 2,
                y,
                wide,
                BOX);
        boolean two = row.answer() != null;
        add("<text class=\"label\" x=\"%.1f\" y=\"%d\">%s</text>", middle, y + (two ? 17 : 25), escaped(row.label()));
        if (two) {
            add(
                    "<text class=\"answer\" x=\"%.1f\" y=\"%d\">→ %s</text>",
                    middle, y + 32, escaped(Objects.requireNonNull(row.answer())));
        }
    }

    private void end(int lane) {
        String end = lanes.get(lane).end();
        if (end == null) {
            return;
        }
        int y = y(drawing.rows().size()) + 8;
        add(
                "<g class=\"%s\"><rect class=\"pill\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"34\" rx=\"17\"/>",
                drawing.why() == null ? "" : "bad", middles[lane] - widths[lane] / 2, y, widths[lane]);
        add("<text class=\"end\" x=\"%.1f\" y=\"%d\">%s</text></g>", middles[lane], y + 22, escaped(end));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private void add(String format, Object... args) {
        out.append(String.format(Locale.ROOT, format, args)).append('\n');
    }
}
