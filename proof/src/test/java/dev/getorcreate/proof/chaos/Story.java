package dev.getorcreate.proof.chaos;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** All that happened to one key, by all processes, with what was done to them meanwhile. */
final class Story {

    private static final long FAULT_BEFORE = 3_000_000_000L;

    private static final int MOST_CHARACTERS = 160;

    private record Line(long at, String text) {}

    private Story() {}

    /** Lines with milliseconds since the history's first event. */
    static List<String> of(History history, String key) throws IOException {
        KeyHistory told = history.key(key);
        List<Event> events = told.events();
        if (events.isEmpty()) {
            return List.of("nothing was written down of " + key + "; its rows are " + told.rows());
        }
        long from = events.get(0).at() - FAULT_BEFORE;
        long to = events.get(events.size() - 1).at();
        List<Line> lines = new ArrayList<>();
        events.forEach(event -> lines.add(new Line(event.at(), text(event))));
        for (Fault fault : new Disturbances(history).between(from, to)) {
            String who = fault.process() == Fault.EVERYBODY ? "everybody" : "process " + fault.process();
            lines.add(new Line(fault.from(), "*** " + fault.kind() + " of " + who + " begins"));
            if (fault.to() <= to) {
                lines.add(new Line(fault.to(), "*** " + fault.kind() + " of " + who + " is over"));
            }
        }
        lines.sort(Comparator.comparingLong(Line::at));
        long zero = history.began();
        List<String> text = new ArrayList<>();
        lines.forEach(line -> text.add(String.format(Locale.ROOT, "%12.3f  %s", (line.at - zero) / 1e6, line.text)));
        text.add("the rows in the end: " + told.rows());
        return text;
    }

    private static String text(Event event) {
        return event.who() + " call " + event.call() + ": " + event.kind() + " "
                + event.detail().substring(0, Math.min(event.detail().length(), MOST_CHARACTERS));
    }
}
