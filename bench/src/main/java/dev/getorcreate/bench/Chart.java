package dev.getorcreate.bench;

import java.util.List;
import java.util.Locale;

/** Bars with their spread, as SVG that reads on a light page and on a dark one. */
final class Chart {

    private static final int LABELS = 330;
    private static final int BARS = 400;
    private static final int FIGURES = 150;
    private static final int ROW = 26;
    private static final int TOP = 44;

    /** One contender's. */
    record Bar(String label, Spread value) {}

    private Chart() {}

    static String bars(String title, String unit, List<Bar> bars) {
        return bars(title, unit, "rounds", bars);
    }

    /** A bar's value is the median of these. */
    static String bars(String title, String unit, String ofWhat, List<Bar> bars) {
        // An outlier's whisker is cut off, so that it does not make all bars short; an arrow and its figure say so.
        double most =
                bars.stream().mapToDouble(bar -> bar.value().median()).max().orElse(1) * 1.2;
        if (most <= 0) {
            most = 1;
        }
        int height = TOP + ROW * bars.size() + 8;
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
                        + " font-size=\"13\">%n<style>text{fill:#24292f}.s{stroke:#24292f}.a{fill:#24292f}"
                        + "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.s{stroke:#e6edf3}.a{fill:#e6edf3}}</style>%n"
                        + "<text x=\"8\" y=\"18\" font-weight=\"bold\">%s</text>%n"
                        + "<text x=\"8\" y=\"35\" font-size=\"11\">%s; median, and the least to the greatest of the"
                        + " %s</text>%n",
                LABELS + BARS + FIGURES,
                height,
                escaped(title),
                escaped(unit),
                escaped(ofWhat)));
        for (int i = 0; i < bars.size(); i++) {
            row(svg, bars.get(i), TOP + ROW * i, BARS / most);
        }
        return svg.append("</svg>\n").toString();
    }

    private static void row(StringBuilder svg, Bar bar, int y, double scale) {
        Spread value = bar.value();
        double middle = y + ROW / 2.0;
        boolean isCut = value.greatest() * scale > BARS;
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>%n"
                        + "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>%n"
                        + "<line class=\"s\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>%n"
                        + "<text x=\"%d\" y=\"%.1f\">%s</text>%n",
                LABELS - 8,
                middle + 4,
                escaped(bar.label()),
                LABELS,
                y + 4,
                value.median() * scale,
                ROW - 8,
                bar.label().startsWith("ours") ? "#2da44e" : "#8c959f",
                LABELS + Math.min(BARS, value.least() * scale),
                LABELS + Math.min(BARS, value.greatest() * scale),
                middle,
                middle,
                LABELS + BARS + 8,
                middle + 4,
                figure(value.median()) + (isCut ? " (to " + figure(value.greatest()) + ")" : "")));
        if (isCut) {
            int edge = LABELS + BARS;
            svg.append(String.format(Locale.ROOT, "<path class=\"a\" d=\"M%d %.1fl-7 -4v8z\"/>%n", edge + 4, middle));
        }
    }

    private static String figure(double value) {
        return String.format(Locale.ROOT, value < 100 ? "%.1f" : "%,.0f", value);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
