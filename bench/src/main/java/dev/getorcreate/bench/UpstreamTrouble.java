package dev.getorcreate.bench;

import dev.getorcreate.redis.RedisSharedStore;
import dev.getorcreate.testkit.InMemoryArbiter;
import dev.getorcreate.testkit.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The upstream of some keys is killed while they are asked for: how long until the first creation that another process
 * finds, and what callers are told until then. With an arbiter and without, in the same failovers.
 */
final class UpstreamTrouble {

    private static final long BEFORE = TimeUnit.MILLISECONDS.toNanos(200);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    final UpstreamGroup group;
    final Callers withArbiter;
    final Callers withoutArbiter;

    private UpstreamTrouble(UpstreamGroup group, RedisSharedStore creating, RedisSharedStore finding) {
        this.group = group;
        this.withArbiter = new Callers("with", creating, finding, new InMemoryArbiter<>());
        this.withoutArbiter = new Callers("without", creating, finding, null);
    }

    static UpstreamTrouble measure(UpstreamGroup group, int trials) {
        try (RedisSharedStore creating = group.store().build();
                RedisSharedStore finding = group.store().build()) {
            UpstreamTrouble trouble = new UpstreamTrouble(group, creating, finding);
            try (var with = trouble.withArbiter;
                    var without = trouble.withoutArbiter) {
                for (int i = 0; i < trials; i++) {
                    System.out.println(group.name() + ": upstream killed, " + (i + 1) + " of " + trials);
                    trouble.trial(i, List.of(with, without));
                }
            }
            return trouble;
        }
    }

    private void trial(int number, List<Callers> all) {
        RedisServer upstream = group.upstream(number);
        String keys = group.keysOf(number);
        List<CompletableFuture<Void>> asking =
                all.stream().map(callers -> callers.begin(keys, LONGEST)).toList();
        long end = System.nanoTime() + BEFORE;
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
        long killing = System.nanoTime();
        upstream.kill();
        long killed = System.nanoTime();
        all.forEach(callers -> callers.killed(killing, killed));
        asking.forEach(CompletableFuture::join);
        group.heal(upstream);
    }
}
