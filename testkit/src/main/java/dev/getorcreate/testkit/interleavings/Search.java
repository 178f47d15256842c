package dev.getorcreate.testkit.interleavings;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Goes through a tree of choices, depth first, by running everything again from the start for each way through it
 * (stateless search; VeriSoft, Godefroid, POPL'97).
 *
 * <p>Of orders that differ only in steps which touch nothing in common one is run: by source sets (source-DPOR; Abdulla,
 * Aronis, Jonsson, Sagonas, POPL'14, after Flanagan and Godefroid, POPL'05) and sleep sets (Godefroid, LNCS 1032, 1996).
 * With a bound of preemptions (CHESS; Musuvathi and Qadeer, PLDI'07) nothing is left out within it: a reduced search may
 * need orders beyond the bound to stand for those within.
 */
final class Search implements Chooser {

    static final int NO_BOUND = Integer.MAX_VALUE;

    private final boolean reduced;
    private final int maxPreemptions;
    private final List<Node> path = new ArrayList<>();
    private List<Event> events = List.of();
    private List<Event> wanted = List.of();
    private int depth;
    /** Events before this one are as in the run before. */
    private int firstNew;

    Search(boolean reduced, int maxPreemptions) {
        this.reduced = reduced && maxPreemptions == NO_BOUND;
        this.maxPreemptions = maxPreemptions;
    }

    /** After each run, while those who could not go on still wait. */
    void ends(Run run) {
        wanted = run.wanted();
    }

    /** Before each run. */
    void begins(Run run) {
        events = run.events;
        depth = 0;
    }

    @Override
    public @Nullable Actor choose(List<Actor> enabled, @Nullable Event last) {
        long bits = Node.bits(enabled);
        Node node = depth < path.size() ? again(bits) : extend(enabled, bits);
        if (node == null) {
            return null;
        }
        depth++;
        return byNumber(enabled, node.chosen);
    }

    private Node again(long bits) {
        Node node = path.get(depth);
        if (node.enabled != bits) {
            throw notDeterministic();
        }
        return node;
    }

    static IllegalStateException notDeterministic() {
        return new IllegalStateException(
                "the same choices led elsewhere this time: something in the scenario is drawn at random, read from a real"
                        + " clock, left over from the run before, or done by a thread that was not started here");
    }

    private @Nullable Node extend(List<Actor> enabled, long bits) {
        Node before = depth == 0 ? null : path.get(depth - 1);
        Actor running = before == null ? null : events.get(before.event).actor;
        int preemptions = before == null ? 0 : before.preemptions + cost(before);
        Node node = new Node(bits, events.size(), preemptions);
        if (before != null && reduced) {
            node.inherit(before, events.subList(before.event, events.size()));
        }
        List<Actor> awake =
                enabled.stream().filter(actor -> !node.sleeps(actor.number)).toList();
        if (awake.isEmpty()) {
            return null;
        }
        Actor chosen = preferred(awake, running);
        node.chosen = chosen.number;
        node.toTry = reduced ? Node.bit(chosen.number) : affordable(enabled, running, preemptions);
        path.add(node);
        return node;
    }

    /** Whoever is running goes on, or its process does; faults come last. */
    static Actor preferred(List<Actor> enabled, @Nullable Actor running) {
        Actor best = enabled.get(0);
        int least = Integer.MAX_VALUE;
        for (Actor actor : enabled) {
            int rank = actor.role == Actor.Role.FAULT ? 3 : 2;
            if (running != null && actor.proc == running.proc) {
                rank = actor == running ? 0 : 1;
            }
            if (rank < least) {
                least = rank;
                best = actor;
            }
        }
        return best;
    }

    private long affordable(List<Actor> enabled, @Nullable Actor running, int preemptions) {
        long bits = 0;
        for (Actor actor : enabled) {
            if (preemptions + preempts(actor, running, enabled) <= maxPreemptions) {
                bits |= Node.bit(actor.number);
            }
        }
        return bits;
    }

    /** What the choice at this place costs; known once its event is there. */
    private int cost(Node node) {
        if (maxPreemptions == NO_BOUND || node.event == 0) {
            return 0;
        }
        Actor chosen = events.get(node.event).actor;
        Actor running = null;
        for (int i = node.event - 1; i >= 0 && running == null; i--) {
            running = events.get(i).isBarrier() ? null : events.get(i).actor;
        }
        return running == null ? 0 : preempts(chosen, running, node.enabled);
    }

    /** A fault is no switch; that its process could go on makes a switch to another a preemption. */
    private static int preempts(Actor chosen, @Nullable Actor running, List<Actor> enabled) {
        return running == null ? 0 : preempts(chosen, running, Node.bits(enabled));
    }

    private static int preempts(Actor chosen, Actor running, long enabled) {
        if (chosen == running || chosen.role == Actor.Role.FAULT || running.role == Actor.Role.FAULT) {
            return 0;
        }
        boolean couldGoOn = (enabled & Node.bit(running.number)) != 0;
        if (chosen.proc == running.proc) {
            return couldGoOn ? 1 : 0;
        }
        for (Actor other : running.run.actors) {
            couldGoOn |= other.proc == running.proc && (enabled & Node.bit(other.number)) != 0;
        }
        return couldGoOn ? 1 : 0;
    }

    /** How often, in a run, somebody was interrupted who could have gone on. */
    static int preemptions(Run run) {
        int count = 0;
        Actor running = null;
        for (Event event : run.events) {
            if (!event.isBarrier()) {
                count += running == null ? 0 : preempts(event.actor, running, event.enabled);
                running = event.actor;
            }
        }
        return count;
    }

    private static Actor byNumber(List<Actor> enabled, int number) {
        for (Actor actor : enabled) {
            if (actor.number == number) {
                return actor;
            }
        }
        throw notDeterministic();
    }

    /** After each run: whether there is another. */
    boolean hasNext() {
        if (reduced) {
            new Races(events, wanted, path).addWhatIsToTry(firstNew);
        }
        while (!path.isEmpty()) {
            Node node = path.get(path.size() - 1);
            if (node.event < events.size() && node.chooseAnother(events.get(node.event), reduced)) {
                firstNew = node.event;
                return true;
            }
            path.remove(path.size() - 1);
        }
        return false;
    }
}
