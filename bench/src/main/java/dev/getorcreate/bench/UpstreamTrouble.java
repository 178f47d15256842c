package dev.getorcreate.bench;

import dev.getorcreate.redis.RedisSharedStore;
import dev.getorcreate.testkit.InMemoryArbiter;
import dev.getorcreate.testkit.RedisServer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * The upstream of some keys is killed while they are asked for: how long until the first creation that another process
 * finds, and what callers are told until then. With an arbiter and without, in the same failovers.
 */
final class UpstreamTrouble {

    private static final long BEFORE_MILLIS = 200;
    private static final Duration LONGEST = Duration.ofSeconds(30);

    final UpstreamGroup group;
    final Callers withArbiter;
    final Callers withoutArbiter;

    private UpstreamTrouble(UpstreamGroup group, Callers withArbiter, Callers withoutArbiter) {
        this.group = group;
        this.withArbiter = withArbiter;
        this.withoutArbiter = withoutArbiter;
    }

    static UpstreamTrouble measure(UpstreamGroup group, int trials) {
        try (RedisSharedStore store = group.store().build();
                Callers with = new Callers(group, store, new InMemoryArbiter<>());
                Callers without = new Callers(group, store, null)) {
            UpstreamTrouble trouble = new UpstreamTrouble(group, with, without);
            for (int i = 0; i < trials; i++) {
                System.err.println(group.name() + ": upstream killed, " + (i + 1) + " of " + trials);
                trouble.trial(i);
            }
            return trouble;
        }
    }

    private void trial(int number) {
        List<Callers> all = both();
        RedisServer upstream = group.upstream(number);
        String keys = group.keysOf(number);
        List<CompletableFuture<Void>> asking =
                all.stream().map(callers -> callers.begin(keys, LONGEST)).toList();
        Pause.millis(BEFORE_MILLIS);
        long killing = System.nanoTime();
        upstream.kill();
        long killed = System.nanoTime();
        all.forEach(callers -> callers.killed(killing, killed));
        asking.forEach(CompletableFuture::join);
        group.heal(upstream);
    }

    List<Callers> both() {
        return List.of(withArbiter, withoutArbiter);
    }

    /** The figures that targets name. */
    Map<String, Object> result() {
        Spread with = Spread.of(withArbiter.sharedMillis);
        Spread without = Spread.of(withoutArbiter.sharedMillis);
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("settings", group.settings());
        result.put("sharedAgainMillis", Results.rounded(with.median()));
        result.put("sharedAgainMaxMillis", Results.rounded(with.greatest()));
        result.put("withoutArbiterMillis", Results.rounded(without.median()));
        result.put("withoutArbiterMaxMillis", Results.rounded(without.greatest()));
        result.put("callerErrorsWithArbiter", withArbiter.errors.sum());
        result.put("callerErrorsWithoutArbiter", withoutArbiter.errors.sum());
        return result;
    }

    Stream<Map<String, Object>> raw() {
        return both().stream()
                .map(callers -> Map.of(
                        "upstream", group.name(),
                        "settings", group.settings(),
                        "arbiter", callers.arbiter,
                        "answeredMillis", callers.answeredMillis,
                        "sharedMillis", callers.sharedMillis,
                        "calls", callers.calls.get(),
                        "decisionsPerCall", callers.decisionsPerCall(),
                        "errors", callers.errors.counts()));
    }
}
