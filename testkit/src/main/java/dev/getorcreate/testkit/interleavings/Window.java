package dev.getorcreate.testkit.interleavings;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where an interleaving went wrong, as far as its shape tells: between which two steps of one caller another one came.
 *
 * @param from the number of the step that opens it
 * @param by the number of the other's step
 * @param to the number of the step that comes too late, or the last one
 * @param sentence what happened in it
 */
record Window(int from, int by, int to, String sentence) {

    /** What is no store: processes, starts of threads, futures. */
    private static final List<String> INNER = List.of("process ", "start of ", "future ");

    /** The first shape that fits; null: none does. */
    static @Nullable Window of(Run run) {
        Window window = death(run);
        if (window == null) {
            window = twoChecks(run);
        }
        return window == null ? between(run) : window;
    }

    static boolean changes(Event event, Run run) {
        for (int resource : event.touched()) {
            if (isShared(resource, run) && event.wrote(resource)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isShared(int resource, Run run) {
        String name = run.resources.name(resource);
        return INNER.stream().noneMatch(name::startsWith);
    }

    /** A caller died with something half done. */
    private static @Nullable Window death(Run run) {
        List<Event> events = run.events;
        for (int i = 0; i < events.size(); i++) {
            Event fault = events.get(i);
            for (int k = i - 1; k >= 0 && fault.actor.role == Actor.Role.FAULT; k--) {
                Event last = events.get(k);
                if (last.actor.proc.hasCrashed() && last.actor.role == Actor.Role.CALLER) {
                    return new Window(
                            k,
                            i,
                            i,
                            last.actor.name + " died after \"" + last.label + "\": what was to follow never comes.");
                }
            }
        }
        return null;
    }

    /** Both looked before either wrote. */
    private static @Nullable Window twoChecks(Run run) {
        List<Event> events = run.events;
        for (int act = 0; act < events.size(); act++) {
            for (int resource : events.get(act).touched()) {
                int check = lastTouch(events, act, resource);
                if (!events.get(act).wrote(resource)
                        || check < 0
                        || events.get(check).wrote(resource)) {
                    continue;
                }
                for (int i = check + 1; i < act; i++) {
                    if (isCheck(events.get(i), resource, run) && actsLater(events, i, resource)) {
                        return new Window(
                                check,
                                i,
                                act,
                                events.get(i).actor.name + " checked before " + events.get(act).actor.name
                                        + " acted: both believe they are first.");
                    }
                }
            }
        }
        return null;
    }

    private static boolean isCheck(Event event, int resource, Run run) {
        if (event.isBarrier() || !isShared(resource, run) || event.wrote(resource)) {
            return false;
        }
        for (int touched : event.touched()) {
            if (touched == resource) {
                return true;
            }
        }
        return false;
    }

    private static boolean actsLater(List<Event> events, int check, int resource) {
        return events.subList(check + 1, events.size()).stream()
                .anyMatch(event -> event.actor == events.get(check).actor && event.wrote(resource));
    }

    /** Somebody wrote between what another read, or wrote, and what that one did about it. */
    private static @Nullable Window between(Run run) {
        List<Event> events = run.events;
        Window byFault = null;
        for (int act = 0; act < events.size(); act++) {
            Event late = events.get(act);
            for (int resource : late.touched()) {
                int check = lastTouch(events, act, resource);
                if (check < 0 || !isShared(resource, run) || !late.wrote(resource)) {
                    continue;
                }
                for (int i = act - 1; i > check; i--) {
                    Event other = events.get(i);
                    if (other.wrote(resource) && !other.isBarrier()) {
                        Window window = came(check, i, act, events);
                        if (other.actor.role != Actor.Role.FAULT) {
                            return window;
                        }
                        byFault = byFault == null ? window : byFault;
                    }
                }
            }
        }
        return byFault;
    }

    private static Window came(int check, int by, int act, List<Event> events) {
        Event other = events.get(by);
        String name = events.get(act).actor.name;
        String what = other.actor.role == Actor.Role.FAULT
                ? "\"" + other.actor.name + "\" came"
                : other.actor.name + " acted";
        return new Window(
                check,
                by,
                act,
                what + " between " + name + "'s check and " + name + "'s act: " + name
                        + " acts on what is no longer so.");
    }

    private static int lastTouch(List<Event> events, int act, int resource) {
        for (int i = act - 1; i >= 0; i--) {
            if (events.get(i).actor == events.get(act).actor) {
                for (int touched : events.get(i).touched()) {
                    if (touched == resource) {
                        return i;
                    }
                }
            }
        }
        return -1;
    }
}
