package dev.getorcreate.testkit.interleavings;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One interleaving on a whiteboard: a lane for each caller, time downwards, the steps with their answers. Immutable. */
public final class Drawing {

    private static final List<String> OF_A_PROCESS = List.of(" dies", " is frozen");

    private final List<Lane> lanes;
    private final List<Row> rows;
    private final @Nullable Window window;
    private final @Nullable String why;

    /**
     * Whose steps stand below each other.
     *
     * @param end what came of it; null: nothing to be told
     */
    record Lane(String name, @Nullable String end) {}

    /**
     * A step.
     *
     * @param lane in which it stands; negative: in all of them
     * @param writes whether it changed something
     */
    record Row(int lane, String label, @Nullable String answer, boolean writes, boolean fault) {
        String says() {
            return answer == null ? label : label + " → " + answer;
        }
    }

    private Drawing(List<Lane> lanes, List<Row> rows, @Nullable Window window, @Nullable String why) {
        this.lanes = lanes;
        this.rows = rows;
        this.window = window;
        this.why = why;
    }

    /** @param why it must not be; null: it may, and no window is marked */
    static Drawing of(Run run, Map<String, Setup.Caller> callers, @Nullable String why) {
        List<Actor> drawn = new ArrayList<>();
        List<Lane> lanes = new ArrayList<>();
        for (Actor actor : run.actors) {
            boolean acts = run.events.stream().anyMatch(event -> event.actor == actor);
            if (actor.role == Actor.Role.CALLER || (acts && actor.role == Actor.Role.HELPER)) {
                drawn.add(actor);
                lanes.add(new Lane(actor.name, end(actor, callers.get(actor.name))));
            }
        }
        List<Row> rows = new ArrayList<>();
        for (Event event : run.events) {
            boolean fault = event.actor.role == Actor.Role.FAULT;
            rows.add(new Row(
                    lane(event.actor, drawn), event.label, inWords(event.answer), Window.changes(event, run), fault));
        }
        return new Drawing(List.copyOf(lanes), List.copyOf(rows), why == null ? null : Window.of(run), why);
    }

    private static @Nullable String end(Actor actor, Setup.@Nullable Caller caller) {
        if (caller == null) {
            return null;
        }
        if (!caller.answer().finished) {
            return actor.proc.hasCrashed() ? "died" : "waits for ever";
        }
        Throwable thrown = caller.answer().thrown;
        return thrown == null
                ? inWords(String.valueOf(caller.answer().value))
                : thrown.getClass().getSimpleName();
    }

    private static int lane(Actor actor, List<Actor> drawn) {
        for (int i = 0; i < drawn.size(); i++) {
            String process = drawn.get(i).proc.name;
            if (drawn.get(i) == actor
                    || (actor.role == Actor.Role.FAULT
                            && OF_A_PROCESS.stream().anyMatch(what -> actor.name.equals(process + what)))) {
                return i;
            }
        }
        return -1;
    }

    private static @Nullable String inWords(@Nullable String answer) {
        if (answer == null) {
            return null;
        }
        return switch (answer) {
            case "null" -> "nothing";
            case "true" -> "yes";
            case "false" -> "no";
            default -> answer;
        };
    }

    /** For a terminal and for test reports; the lanes beside each other, whatever their width. */
    public String text() {
        return new TextDrawing(this).draw();
    }

    /** For a page: a picture that stands alone, for light and for dark. */
    public String svg() {
        return new SvgDrawing(this).draw();
    }

    /** What the window is, in a sentence; empty where none is marked. */
    public String sentence() {
        return window == null ? "" : window.sentence();
    }

    /** How many steps were taken, faults included. */
    public int steps() {
        return rows.size();
    }

    /** How many of the steps were faults. */
    public int faults() {
        return (int) rows.stream().filter(Row::fault).count();
    }

    List<Lane> lanes() {
        return lanes;
    }

    List<Row> rows() {
        return rows;
    }

    @Nullable
    Window window() {
        return window;
    }

    @Nullable
    String why() {
        return why;
    }

    @Override
    public String toString() {
        return text();
    }
}
