package dev.getorcreate.testkit.interleavings;

import java.util.List;

/** The whiteboard for a terminal: hollow steps look, full ones change something. */
final class TextDrawing {

    private static final int WIDEST = 46;
    private static final int NARROWEST = 12;
    private static final int GAP = 3;

    private final Drawing drawing;
    private final List<Drawing.Lane> lanes;
    private final int[] columns;
    private final int width;
    private final StringBuilder out = new StringBuilder();

    TextDrawing(Drawing drawing) {
        this.drawing = drawing;
        this.lanes = drawing.lanes();
        this.columns = new int[lanes.size()];
        int at = 0;
        for (int i = 0; i < lanes.size(); i++) {
            columns[i] = at;
            at += widest(i) + GAP;
        }
        this.width = at;
    }

    private int widest(int lane) {
        int widest = Math.max(NARROWEST, lanes.get(lane).name().length() + 2);
        String end = lanes.get(lane).end();
        widest = Math.max(widest, end == null ? 0 : end.length() + 2);
        for (Drawing.Row row : drawing.rows()) {
            if (row.lane() == lane) {
                widest = Math.max(widest, row.says().length() + 2);
            }
        }
        return Math.min(WIDEST, widest);
    }

    String draw() {
        header();
        for (int i = 0; i < drawing.rows().size(); i++) {
            row(i, drawing.rows().get(i));
        }
        ends();
        Window window = drawing.window();
        if (window != null) {
            out.append("\n  ").append(window.sentence()).append('\n');
        }
        return out.toString();
    }

    private void header() {
        StringBuilder line = blank(false);
        for (int i = 0; i < columns.length; i++) {
            put(line, columns[i], lanes.get(i).name(), i);
        }
        add("     ", "   ", line);
    }

    private void row(int number, Drawing.Row row) {
        StringBuilder line = blank(true);
        if (row.lane() >= 0) {
            String dot = row.fault() ? "✗ " : row.writes() ? "● " : "○ ";
            put(line, columns[row.lane()], dot + row.says(), row.lane());
        } else {
            String says = (row.fault() ? "✗ " : "· ") + row.says() + " ";
            line.setLength(0);
            line.append("┄".repeat(2))
                    .append(' ')
                    .append(says)
                    .append("┄".repeat(Math.max(2, width - says.length() - 6)));
        }
        add(String.format("%4d ", number + 1), gutter(number), line);
    }

    private String gutter(int number) {
        Window window = drawing.window();
        if (window == null || number < window.from() || number > window.to()) {
            return "   ";
        }
        if (number == window.from()) {
            return "┏━ ";
        }
        return number == window.to() ? "┗━ " : number == window.by() ? "┣━ " : "┃  ";
    }

    private void ends() {
        StringBuilder line = blank(false);
        for (int i = 0; i < columns.length; i++) {
            String end = lanes.get(i).end();
            if (end != null) {
                put(line, columns[i], "⇒ " + end, i);
            }
        }
        add("     ", "   ", line);
    }

    private StringBuilder blank(boolean lifelines) {
        StringBuilder line = new StringBuilder(" ".repeat(width));
        for (int column : columns) {
            line.setCharAt(column, lifelines ? '│' : ' ');
        }
        return line;
    }

    private void put(StringBuilder line, int at, String text, int lane) {
        int room = (lane + 1 < columns.length ? columns[lane + 1] : width) - at - 1;
        String cut = text.length() <= room ? text : text.substring(0, room - 1) + "…";
        line.replace(at, at + cut.length(), cut);
    }

    private void add(String number, String gutter, StringBuilder line) {
        out.append((number + gutter + line).stripTrailing()).append('\n');
    }
}
