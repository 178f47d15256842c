package dev.getorcreate.testkit.interleavings;

import dev.getorcreate.Invalidation;
import dev.getorcreate.spi.Claim;
import dev.getorcreate.spi.Failure;
import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.Published;
import dev.getorcreate.spi.SharedSpace;
import dev.getorcreate.spi.Watch;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One cache's part of a shared store, each call of which begins with a step; its waits are steps of the clock. */
final class SteppedSpace<K> implements SharedSpace<K> {

    private final SharedSpace<K> real;
    private final Proc proc;

    SteppedSpace(SharedSpace<K> real, Proc proc) {
        this.real = real;
        this.proc = proc;
    }

    @Override
    public Look look(K key, Watch watch) {
        return seen(key, "GET", () -> real.look(key, watched(key, watch)));
    }

    @Override
    public Look claim(K key, Claim claim, byte @Nullable [] replacing, Watch watch) {
        Claim told = new Claim(claim.token(), claim.lease(), () -> {
            Steps.touches(ownClaim(), true);
            claim.lost().run();
        });
        return seen(key, "claim", () -> real.claim(key, told, replacing, watched(key, watch)));
    }

    @Override
    public Look next(K key, Look.Held held, long until, Watch watch) throws InterruptedException {
        Steps.point("wait for " + key);
        Look look = real.next(key, held, until, watched(key, watch));
        Steps.touches(SteppedLocal.entry(proc, key), false);
        Steps.answers(inWords(look));
        return look;
    }

    private Look seen(K key, String command, Supplier<Look> asking) {
        Steps.point(command + " " + key);
        Look look = asking.get();
        // Whoever asked looks at its flight's mark next.
        Steps.touches(SteppedLocal.entry(proc, key), false);
        Steps.answers(inWords(look));
        return look;
    }

    private static String inWords(Look look) {
        if (look instanceof Look.Present present) {
            return StandardCharsets.UTF_8.decode(present.payload().duplicate()).toString();
        }
        return look instanceof Look.Held
                ? "another's claim"
                : look.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
    }

    private Watch watched(K key, Watch watch) {
        return vouch -> {
            Steps.touches(SteppedLocal.entry(proc, key), true);
            watch.answered(vouch);
        };
    }

    @Override
    public Published publish(K key, Claim claim, byte[] payload, Duration timeToLive, Watch watch) {
        Steps.touches(ownClaim(), true);
        Steps.point("publish " + key);
        Published published = real.publish(key, claim, payload, timeToLive, watched(key, watch));
        Steps.touches(SteppedLocal.entry(proc, key), false);
        Steps.answers(published.name().toLowerCase(java.util.Locale.ROOT));
        return published;
    }

    @Override
    public void release(K key, Claim claim, @Nullable Failure failure) {
        Steps.touches(ownClaim(), true);
        Steps.point("release " + key + (failure == null ? "" : " with a mark"));
        real.release(key, claim, failure);
    }

    private String ownClaim() {
        return "process claims of " + proc.name;
    }

    @Override
    public Invalidation invalidate(K key) {
        Steps.point("invalidate " + key);
        Invalidation result = real.invalidate(key);
        Steps.answers(result.name().toLowerCase(java.util.Locale.ROOT));
        return result;
    }

    @Override
    public Invalidation invalidateAll() {
        Steps.point("invalidate all");
        return real.invalidateAll();
    }

    @Override
    public long pollsThatFound() {
        return real.pollsThatFound();
    }

    @Override
    public void close() {
        real.close();
    }
}
