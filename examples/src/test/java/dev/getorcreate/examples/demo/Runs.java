package dev.getorcreate.examples.demo;

import dev.getorcreate.Source;
import dev.getorcreate.examples.demo.Event.Kind;
import dev.getorcreate.examples.demo.Schedule.Asker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes recorded runs of a few events for tests. */
final class Runs {

    static final int KEY = 7;
    static final Schedule SCHEDULE = new Schedule(1, 2, 1, 12);

    private static final long MS = 1_000_000;

    private final Mode mode;
    private final List<Event> events = new ArrayList<>();
    private final Map<Integer, List<Table.Row>> rows = new TreeMap<>();
    private Faults.Log faults = Faults.Log.NONE;
    private long ids;

    Runs(Mode mode) {
        this.mode = mode;
    }

    static Asker asker(int number) {
        return SCHEDULE.askers(KEY).get(number);
    }

    Runs event(Asker who, Kind kind, int note, long fromMs, long toMs, String record) {
        long fingerprint = record.isEmpty() ? 0 : Names.fingerprint(record);
        events.add(new Event(who.process(), who.thread(), kind, note, KEY, fromMs * MS, toMs * MS, fingerprint));
        return this;
    }

    Runs answer(Asker who, Source source, long fromMs, long toMs, String record) {
        return event(who, Kind.ANSWER, source.ordinal(), fromMs, toMs, record);
    }

    /** Get, create, insert, set, of one and a half, four, one and one milliseconds or so. */
    Runs creates(Asker who, long atMs, String record) {
        event(who, Kind.GET, Event.NO, atMs, atMs + 1, "");
        event(who, Kind.CREATING, Event.YES, atMs + 1, atMs + 1, record);
        event(who, Kind.CREATE, Event.YES, atMs + 1, atMs + 5, record);
        event(who, Kind.INSERT, Event.YES, atMs + 5, atMs + 6, record);
        event(who, Kind.SET, Event.YES, atMs + 6, atMs + 7, record);
        return row(record).answer(who, Source.CREATED, atMs, atMs + 7, record);
    }

    Runs row(String record) {
        rows.computeIfAbsent(KEY, key -> new ArrayList<>()).add(new Table.Row(++ids, record));
        return this;
    }

    Runs faults(Faults.Log log) {
        faults = log;
        return this;
    }

    Run.Recorded recorded() {
        return new Run.Recorded(
                mode, SCHEDULE, 0, events, rows, faults, new Redis.Mark(0, 0), new Redis.Mark(1, 8), List.of());
    }
}
