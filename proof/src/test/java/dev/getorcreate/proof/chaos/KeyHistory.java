package dev.getorcreate.proof.chaos;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All that was written down of one key. */
final class KeyHistory {

    private final String key;
    private final List<Value> rows;
    private final List<Event> events;
    private final Map<String, Event> calls = new LinkedHashMap<>();

    /**
     * @param rows the oldest first
     * @param events in the order of their moments
     */
    KeyHistory(String key, List<Value> rows, List<Event> events) {
        this.key = key;
        this.rows = rows;
        this.events = events;
        of(Event.Kind.CALL).forEach(call -> calls.put(idOf(call), call));
    }

    private static String idOf(Event event) {
        return event.process() + "-" + event.life() + "-" + event.call();
    }

    String key() {
        return key;
    }

    List<Value> rows() {
        return rows;
    }

    List<Event> events() {
        return events;
    }

    Stream<Event> of(Event.Kind kind) {
        return events.stream().filter(event -> event.kind() == kind);
    }

    /** The beginning of the call that the event belongs to. */
    Event callOf(Event event) {
        Event call = calls.get(idOf(event));
        if (call == null) {
            throw new IllegalStateException("no call began for " + event);
        }
        return call;
    }

    /** The calls that have no end. */
    Collection<Event> unanswered() {
        Map<String, Event> open = new LinkedHashMap<>(calls);
        events.stream().filter(event -> event.kind().endsItsCall()).forEach(end -> open.remove(idOf(end)));
        return open.values();
    }

    /**
     * The runs of creators of which there is to be one: all with an arbiter. Without one the record lives in the shared
     * store alone, and after an invalidation somebody has to make it again.
     */
    List<Event> runs(boolean arbiter) {
        long until = runsUntil(arbiter);
        return of(Event.Kind.CREATING).filter(run -> run.at() < until).toList();
    }

    /** The end of the time that {@link #runs} looks at. */
    long runsUntil(boolean arbiter) {
        return arbiter
                ? Long.MAX_VALUE
                : of(Event.Kind.INVALIDATING).mapToLong(Event::at).findFirst().orElse(Long.MAX_VALUE);
    }

    /** The end of the creator run, or null if it has none: it threw, or its process was killed. */
    @Nullable
    Event endOf(Event run) {
        return of(Event.Kind.CREATED)
                .filter(end -> end.sameProcess(run)
                        && end.call() == run.call()
                        && end.detail().equals(run.detail()))
                .findFirst()
                .orElse(null);
    }

    /** The processes that had called for the key by then. */
    Set<Integer> callersBy(long moment) {
        Set<Integer> callers = new TreeSet<>();
        of(Event.Kind.CALL).filter(call -> call.at() <= moment).forEach(call -> callers.add(call.process()));
        return callers;
    }

    /** When the insert of this identity was begun, or -1. */
    long insertingAt(String identity) {
        return of(Event.Kind.INSERTING)
                .filter(event -> event.detail().equals(identity))
                .mapToLong(Event::at)
                .findFirst()
                .orElse(-1);
    }
}
