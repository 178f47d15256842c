package dev.getorcreate.examples.demo;

import dev.getorcreate.examples.demo.Event.Kind;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;

/** The whiteboard for a terminal. */
final class TextBoard {

    static final int WIDTH = 62;
    private static final int LEFT = 22;
    private static final String RESET = "\u001b[0m";

    private final long scale;
    private final boolean colours;

    /** @param length nanoseconds that the width stands for */
    TextBoard(long length, boolean colours) {
        this.scale = Math.max(1, length);
        this.colours = colours;
    }

    /** Both stories, the same length of time wide. */
    static String draw(StoryPicker.Pair pair, boolean colours) {
        Story cured = pair.cured();
        long length = Math.max(pair.naive().length(), cured == null ? 0 : cured.length());
        TextBoard board = new TextBoard(length, colours);
        return board.draw(pair.naive()) + (cured == null ? "" : "\n" + board.draw(cured));
    }

    String draw(Story story) {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT, "  %s, %s: %s%n", story.key(), story.mode().title(), verdict(story)));
        text.append(axis());
        for (Story.Lane lane : story.lanes()) {
            text.append(lane(lane));
        }
        Story.Span decided = story.decided();
        if (decided != null) {
            text.append(mark(story.mode(), decided));
        }
        for (Story.Lane lane : story.later()) {
            text.append(String.format(
                    Locale.ROOT,
                    "  %-" + LEFT + "sasked at %.1f ms, when all was over: row %d%n",
                    lane.name(),
                    lane.from() / 1e6,
                    lane.row()));
        }
        return text.toString();
    }

    private static String verdict(Story story) {
        return story.rows() == 1 ? "one row" : story.rows() + " rows for one key";
    }

    private String axis() {
        char[] line = blank();
        long step = tick(scale);
        for (long at = 0; at <= scale; at += step) {
            String label = String.format(Locale.ROOT, "%d ms", at / 1_000_000);
            if (column(at) + label.length() <= WIDTH) {
                put(line, column(at), label);
            }
        }
        return " ".repeat(LEFT + 2) + new String(line).stripTrailing() + "\n";
    }

    /** Whole milliseconds, so that five or so fit. */
    static long tick(long length) {
        long step = 1_000_000;
        while (length / step > 6) {
            step *= length / step > 12 ? 5 : 2;
        }
        return step;
    }

    private String lane(Story.Lane lane) {
        char[] bar = blank();
        char[] words = blank();
        for (Story.Step step : lane.steps()) {
            int from = column(step.from());
            int to = Math.max(from + 1, column(step.to()));
            Arrays.fill(bar, from, Math.min(WIDTH, to), glyph(step.kind()));
        }
        int free = 0;
        for (Story.Step step : lane.steps()) {
            String word = word(step);
            int at = Math.max(free, Math.min(column(step.from()), WIDTH - word.length()));
            if (at + word.length() <= WIDTH) {
                put(words, at, word);
                free = at + word.length() + 1;
            }
        }
        String end = String.format(Locale.ROOT, "row %d %s", lane.row(), lane.source());
        return String.format(
                Locale.ROOT,
                "  %-" + LEFT + "s%s %s%n  %" + LEFT + "s%s%n",
                lane.name(),
                painted(new String(bar)),
                end,
                "",
                new String(words).stripTrailing());
    }

    private String mark(Mode mode, Story.Span span) {
        char[] line = blank();
        int from = column(span.from());
        int to = Math.max(from + 1, column(span.to()) - 1);
        if (mode == Mode.NAIVE) {
            Arrays.fill(line, from, Math.min(WIDTH, to + 1), '─');
            line[from] = '╰';
            line[Math.min(WIDTH - 1, to)] = '╯';
            String say = String.format(Locale.ROOT, " the gap, %.1f ms ", span.nanos() / 1e6);
            put(line, from + Math.max(1, (to - from - say.length()) / 2), say);
            return "  " + " ".repeat(LEFT) + new String(line).stripTrailing() + " whoever looks in it creates too\n";
        }
        line[from] = '▲';
        put(line, Math.min(from + 2, WIDTH), "one atomic step decides: SET NX");
        return "  " + " ".repeat(LEFT) + new String(line).stripTrailing() + "\n";
    }

    private int column(long at) {
        return (int) Math.max(0, Math.min(WIDTH - 1L, at * WIDTH / scale));
    }

    private static char[] blank() {
        char[] line = new char[WIDTH];
        Arrays.fill(line, ' ');
        return line;
    }

    private static void put(char[] line, int at, String text) {
        for (int i = 0; i < text.length() && at + i < line.length; i++) {
            line[at + i] = text.charAt(i);
        }
    }

    private static String word(Story.Step step) {
        return step.kind() == Kind.CLAIM && step.note() == Event.YES
                ? "claim!"
                : step.label().replace(": ", ":");
    }

    private static char glyph(Kind kind) {
        return switch (kind) {
            case GET, FIND -> '░';
            case CREATE -> '█';
            case INSERT -> '▓';
            case SET -> '▒';
            case CLAIM -> '◆';
            default -> '·';
        };
    }

    private String painted(String bar) {
        if (!colours) {
            return bar;
        }
        StringBuilder painted = new StringBuilder();
        String now = "";
        for (int i = 0; i < bar.length(); i++) {
            String next = colour(bar.charAt(i));
            if (!Objects.equals(next, now)) {
                painted.append(RESET).append(next);
                now = next;
            }
            painted.append(bar.charAt(i));
        }
        return painted.append(RESET).toString();
    }

    private static String colour(char glyph) {
        return switch (glyph) {
            case '░' -> "\u001b[34m";
            case '█' -> "\u001b[33m";
            case '▓' -> "\u001b[31m";
            case '▒' -> "\u001b[36m";
            case '◆' -> "\u001b[35m";
            default -> "";
        };
    }
}
