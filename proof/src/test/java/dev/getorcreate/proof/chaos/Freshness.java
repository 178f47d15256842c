package dev.getorcreate.proof.chaos;

import dev.getorcreate.Invalidation;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether one key's callers were told nothing older than what had to be known when they called (I4, I5). There is no
 * slack: a call counts only if it began after the bound, and the bound from when the invalidation had returned.
 *
 * <ul>
 *   <li>Whoever reads the row himself sees what was committed before he called.
 *   <li>Whoever reads the shared store sees nothing from before an invalidation that was confirmed before he called.
 *   <li>Whoever calls in the invalidating process sees nothing from before the invalidation, confirmed or not.
 *   <li>Everybody else sees it at most {@code maxStaleness} later.
 *   <li>A failover may lose the delete of an invalidation; when it is over, the process has sent it again, if it lives.
 *   <li>When all is quiet, pending invalidations of processes that live have arrived too.
 * </ul>
 */
final class Freshness {

    private static final Set<String> FROM_THE_ROW = Set.of("FOUND", "CREATED", "ADOPTED", "RECOVERED");

    /** From this moment on, for these calls, the version or a newer one. */
    private record Bound(long from, Value least, Predicate<Event> concerns, String why) {}

    private final KeyHistory key;
    private final History history;
    private final List<Bound> bounds = new ArrayList<>();

    Freshness(KeyHistory key, History history) {
        this.key = key;
        this.history = history;
        key.of(Event.Kind.COMMITTED).forEach(this::bind);
    }

    private void bind(Event commit) {
        Value least = Value.parse(commit.detail());
        if (least == null) {
            throw new IllegalStateException("no value: " + commit);
        }
        bounds.add(new Bound(
                commit.at(),
                least,
                answer -> FROM_THE_ROW.contains(sourceOf(answer)),
                "it was committed before the call, which read the row"));
        key.of(Event.Kind.INVALIDATED)
                .filter(end -> end.sameProcess(commit) && end.call() == commit.call())
                .forEach(end -> bind(least, end));
    }

    private void bind(Value least, Event invalidated) {
        OptionalLong sentAgain = mayBeForgottenUntil(invalidated);
        if (sentAgain.isPresent()) {
            if (history.saidGoodbye(invalidated)) {
                bounds.add(new Bound(
                        sentAgain.getAsLong(),
                        least,
                        answer -> true,
                        "the failover that may have lost its invalidation was over, so it had been sent again"));
            }
            return;
        }
        bounds.add(new Bound(
                invalidated.at(), least, invalidated::sameProcess, "this process itself had invalidated the key"));
        if (invalidated.detail().equals(Invalidation.CONFIRMED.name())) {
            bounds.add(new Bound(
                    invalidated.at(),
                    least,
                    answer -> sourceOf(answer).equals("SHARED"),
                    "an invalidation was confirmed before the call, which read the shared store"));
            bounds.add(new Bound(
                    invalidated.at() + history.facts().maxStaleness().toNanos(),
                    least,
                    answer -> true,
                    "an invalidation was confirmed more than maxStaleness before the call"));
        } else if (history.saidGoodbye(invalidated)) {
            bounds.add(new Bound(
                    Math.max(invalidated.at(), history.quietAt()),
                    least,
                    answer -> true,
                    "all had recovered, so its pending invalidation had been sent"));
        }
    }

    /**
     * A failover may lose the delete of an invalidation: that is a limit which the documentation states. Until when; empty:
     * there was none.
     */
    private OptionalLong mayBeForgottenUntil(Event invalidated) {
        long aftermath = history.facts().aftermath().toNanos();
        long until = invalidated.at();
        boolean mayBe = false;
        for (Fault fault : history.faults()) {
            if (Topology.FORGETTING.contains(fault.kind())
                    && until > fault.from() - aftermath
                    && invalidated.at() - aftermath < fault.to()) {
                mayBe = true;
                until = Math.max(until, fault.felt(aftermath));
            }
        }
        return mayBe ? OptionalLong.of(until) : OptionalLong.empty();
    }

    private static String sourceOf(Event answer) {
        return answer.detail().substring(0, answer.detail().indexOf(' '));
    }

    void check(Consumer<Violation> found) {
        if (bounds.isEmpty()) {
            return;
        }
        for (Event answer : key.of(Event.Kind.ANSWER).collect(Collectors.toList())) {
            Bound broken = broken(answer);
            if (broken != null) {
                long late = key.callOf(answer).at() - broken.from;
                found.accept(new Violation(
                        Violation.Kind.STALE,
                        key.key(),
                        answer.at(),
                        answer.who() + " was told " + answer.detail() + ", and not " + broken.least + ", by a call that"
                                + " began " + late / 1000 + " us after it had to be known: " + broken.why));
            }
        }
    }

    private @Nullable Bound broken(Event answer) {
        Value value = Value.parse(answer.detail().substring(answer.detail().indexOf(' ') + 1));
        if (value == null) {
            return null; // wrong altogether
        }
        long began = key.callOf(answer).at();
        return bounds.stream()
                .filter(bound -> bound.least.version() > value.version()
                        && bound.from < began
                        && bound.least.identity().equals(value.identity())
                        && bound.concerns.test(answer))
                .findFirst()
                .orElse(null);
    }
}
