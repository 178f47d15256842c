package dev.getorcreate.examples.demo;

import dev.getorcreate.Source;
import dev.getorcreate.examples.demo.Event.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/** One story as a drawing: lanes from left to right, one a caller, and what was decided when. */
final class SvgBoard {

    static final int WIDTH = 720;
    private static final int LEFT = 104;
    private static final int RIGHT = 122;
    private static final int TOP = 74;
    private static final int LANE = 108;
    private static final int BAR = 26;
    private static final int LEVELS = 4;
    private static final double CHARACTER = 6.3;
    /** A bar is never thinner, or it could not be seen. */
    private static final double THINNEST = 3;

    private final Story story;
    private final double perNano;
    private final long length;
    private final StringBuilder out = new StringBuilder();

    /** @param length nanoseconds that the drawing is wide */
    SvgBoard(Story story, long length) {
        this.story = story;
        this.length = length;
        this.perNano = (WIDTH - LEFT - RIGHT) / (double) length;
    }

    String draw() {
        int height = TOP + story.lanes().size() * LANE + 14;
        add(
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s, %s\">",
                WIDTH, height, story.key(), story.mode().title());
        axis(height);
        // What lies behind the lanes comes first.
        if (story.mode() == Mode.NAIVE) {
            gap(height);
        } else {
            granted(height);
        }
        for (int i = 0; i < story.lanes().size(); i++) {
            lane(story.lanes().get(i), TOP + i * LANE + LANE / 2);
        }
        if (story.mode() != Mode.NAIVE) {
            pushes();
        }
        return out.append("</svg>").toString();
    }

    private void axis(int height) {
        long step = TextBoard.tick(length);
        for (long at = 0; at <= length; at += step) {
            add("<line class=\"tick\" x1=\"%.1f\" y1=\"%d\" x2=\"%1$.1f\" y2=\"%d\"/>", x(at), TOP - 12, height - 8);
            add(
                    "<text class=\"tick-label\" x=\"%.1f\" y=\"%d\">%d%s</text>",
                    x(at), TOP - 18, at / 1_000_000, at == 0 ? " ms" : "");
        }
    }

    /** From the first look to the first set; and each look of others that fell into it. */
    private void gap(int height) {
        Story.Span gap = story.decided();
        if (gap == null) {
            return;
        }
        double from = x(gap.from());
        double to = x(gap.to());
        add(
                "<rect class=\"gap\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"6\"/>",
                from, TOP - 10, to - from, height - TOP);
        add(
                "<path class=\"brace\" d=\"M%.1f %d v-6 a5 5 0 0 1 5 -5 H%.1f a5 5 0 0 1 5 5 v6\"/>",
                from, TOP - 34, to - 5);
        add(
                "<text class=\"gap-label\" x=\"%.1f\" y=\"%d\">the gap: %.1f ms between get and set</text>",
                Math.max(LEFT + 118, (from + to) / 2), TOP - 52, gap.nanos() / 1e6);
    }

    private void lane(Story.Lane lane, int y) {
        add("<text class=\"who\" x=\"0\" y=\"%d\">process %d</text>", y - 2, lane.process() + 1);
        add("<text class=\"who-too\" x=\"0\" y=\"%d\">thread %d</text>", y + 14, lane.thread() + 1);
        add("<line class=\"lane\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%2$d\"/>", LEFT, y, WIDTH - RIGHT);
        for (Story.Step step : lane.steps()) {
            bar(step, y);
        }
        labels(lane, y);
        if (story.mode() == Mode.NAIVE) {
            look(lane, y);
        }
        end(lane, y);
    }

    private void bar(Story.Step step, int y) {
        double width = Math.max(THINNEST, x(step.to()) - x(step.from()) - 1);
        add(
                "<rect class=\"bar %s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"%d\">"
                        + "<title>%s: %.3f ms to %.3f ms</title></rect>",
                style(step),
                x(step.from()),
                y - BAR / 2,
                width,
                BAR,
                width < 8 ? 1 : 4,
                step.label(),
                step.from() / 1e6,
                step.to() / 1e6);
    }

    /** In the bar where there is room, else above or below it, wherever no other label is, with a little stroke. */
    private void labels(Story.Lane lane, int y) {
        List<List<double[]>> levels = Stream.generate(() -> (List<double[]>) new ArrayList<double[]>())
                .limit(LEVELS)
                .toList();
        for (Story.Step step : lane.steps()) {
            double middle = (x(step.from()) + Math.max(x(step.to()), x(step.from()) + THINNEST)) / 2;
            double width = step.label().length() * CHARACTER + 6;
            if (width < x(step.to()) - x(step.from()) - 4) {
                add("<text class=\"in-bar\" x=\"%.1f\" y=\"%d\">%s</text>", middle, y + 4, step.label());
                continue;
            }
            double from = Math.max(LEFT - 20, Math.min(WIDTH - RIGHT - width, middle - width / 2));
            int level = 0;
            while (level < LEVELS - 1 && !free(levels.get(level), from, from + width)) {
                level++;
            }
            levels.get(level).add(new double[] {from, from + width});
            // 0 and 2 stand above the bar, 1 and 3 below it, the later ones farther away.
            int side = level % 2 == 0 ? -1 : 1;
            int edge = y + side * BAR / 2;
            int tip = edge + side * (6 + level / 2 * 13);
            add("<line class=\"leader\" x1=\"%.1f\" y1=\"%d\" x2=\"%1$.1f\" y2=\"%d\"/>", middle, edge, tip);
            add(
                    "<text class=\"label\" x=\"%.1f\" y=\"%d\">%s</text>",
                    from + width / 2, side < 0 ? tip - 3 : tip + 10, step.label());
        }
    }

    private static boolean free(List<double[]> taken, double from, double to) {
        return taken.stream().allMatch(other -> to < other[0] || from > other[1]);
    }

    /** Another caller's look into the gap. */
    private void look(Story.Lane lane, int y) {
        Story.Span gap = story.decided();
        Story.Step get = lane.first(Kind.GET);
        if (gap != null && get != null && lane.created() && lane.from() > gap.from() && gap.has(get.from())) {
            add("<circle class=\"look\" cx=\"%.1f\" cy=\"%d\" r=\"5\"/>", x(get.from()), y);
        }
    }

    private void end(Story.Lane lane, int y) {
        String kind = lane.created() && lane.source() == Source.CREATED ? "creates" : "gets";
        add(
                "<g class=\"end %s\"><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"38\" rx=\"8\"/>",
                kind, WIDTH - RIGHT + 14, y - 19, RIGHT - 16);
        int middle = WIDTH - RIGHT / 2 + 6;
        add("<text class=\"row\" x=\"%d\" y=\"%d\">row %d</text>", middle, y - 3, lane.row());
        add("<text class=\"source\" x=\"%d\" y=\"%d\">%s</text></g>", middle, y + 12, lane.source());
    }

    private void granted(int height) {
        Story.Span claim = story.decided();
        if (claim == null) {
            return;
        }
        double at = x((claim.from() + claim.to()) / 2);
        add("<line class=\"decided\" x1=\"%.1f\" y1=\"%d\" x2=\"%1$.1f\" y2=\"%d\"/>", at, TOP - 34, height - 8);
        add(
                "<text class=\"decided-label\" x=\"%.1f\" y=\"%d\">SET NX: one atomic step decides</text>",
                Math.max(LEFT + 96, at), TOP - 52);
    }

    /** From the publish to those whom Redis woke by it. */
    private void pushes() {
        for (int i = 0; i < story.lanes().size(); i++) {
            Story.Step publish = story.lanes().get(i).last(Kind.SET);
            if (publish == null) {
                continue;
            }
            for (int j = 0; j < story.lanes().size(); j++) {
                Story.Lane other = story.lanes().get(j);
                Story.Step wait = other.last(Kind.WAIT);
                if (j != i && wait != null && wait.to() > publish.from()) {
                    arrow((publish.from() + publish.to()) / 2, i, wait.to(), j);
                }
            }
        }
    }

    private void arrow(long fromAt, int fromLane, long toAt, int toLane) {
        int down = toLane > fromLane ? 1 : -1;
        int y1 = TOP + fromLane * LANE + LANE / 2 + down * (BAR / 2 + 1);
        int y2 = TOP + toLane * LANE + LANE / 2 - down * (BAR / 2 + 3);
        double x1 = x(fromAt);
        double x2 = x(toAt);
        add(
                "<path class=\"push\" marker-end=\"url(#head)\" d=\"M%.1f %d C%.1f %d %.1f %d %.1f %d\"/>",
                x1, y1, x1, y1 + down * 24, x2, y2 - down * 24, x2, y2);
    }

    private static String style(Story.Step step) {
        return switch (step.kind()) {
            case CLAIM -> step.note() == Event.YES ? "claim" : "held";
            default -> step.kind().name().toLowerCase(Locale.ROOT);
        };
    }

    private double x(long at) {
        return LEFT + at * perNano;
    }

    private void add(String format, Object... args) {
        out.append(String.format(Locale.ROOT, format, Objects.requireNonNull(args)))
                .append('\n');
    }
}
