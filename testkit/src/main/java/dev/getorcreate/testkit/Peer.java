package dev.getorcreate.testkit;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.getorcreate.spi.Claim;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.Published;
import dev.getorcreate.spi.SharedSpace;
import dev.getorcreate.spi.SharedStore;
import dev.getorcreate.spi.TimeSource;
import dev.getorcreate.spi.Token;
import dev.getorcreate.spi.Vouch;
import dev.getorcreate.spi.Watch;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One process in a contract test: its space of one cache, and the log of what it was told, in order. */
final class Peer {

    static final Duration TIME_TO_LIVE = Duration.ofMinutes(1);

    final SharedStore store;
    final SharedSpace<String> space;
    final AtomicInteger lost = new AtomicInteger();

    /** "changed k" and "answered note", in the order they were told. */
    final List<String> told = new CopyOnWriteArrayList<>();

    private final TimeSource time;
    private final Executor threads;
    private volatile @Nullable Vouch vouch;

    Peer(SharedStore store, String cache, String codecId, TimeSource time, Executor threads) {
        this.store = store;
        this.time = time;
        this.threads = threads;
        this.space = store.open(cache, KeyCodec.string(), codecId, key -> told.add("changed " + key));
    }

    Watch watch(String note) {
        return word -> {
            vouch = word;
            told.add("answered " + note);
        };
    }

    Vouch vouch() {
        return assertInstanceOf(Vouch.class, vouch, "nothing that may be kept was answered");
    }

    Look look(String key) {
        return space.look(key, watch(key));
    }

    Claim newClaim(Duration lease) {
        return new Claim(Token.random(), lease, lost::incrementAndGet);
    }

    Claim claim(String key, Duration lease) {
        Claim claim = newClaim(lease);
        assertInstanceOf(Look.Granted.class, space.claim(key, claim, null, watch(key)));
        return claim;
    }

    boolean publish(String key, Claim claim, String value) {
        byte[] payload = value.getBytes(StandardCharsets.UTF_8);
        return space.publish(key, claim, payload, TIME_TO_LIVE, watch(key)) == Published.PUBLISHED;
    }

    /** Claims and publishes. */
    void create(String key, String value) {
        if (!publish(key, claim(key, Duration.ofSeconds(30)), value)) {
            throw new AssertionError("the publish of an undisturbed claim was rejected");
        }
    }

    Look.Held held(String key) {
        return assertInstanceOf(Look.Held.class, look(key));
    }

    String present(String key) {
        return text(look(key));
    }

    static String text(Look look) {
        Look.Present present = assertInstanceOf(Look.Present.class, look);
        return StandardCharsets.UTF_8.decode(present.payload().duplicate()).toString();
    }

    /** Sleeps on the claim, on another thread, for at most the duration. */
    CompletableFuture<Look> sleepOn(String key, Look.Held held, Duration atMost) {
        long until = time.nanoTime() + atMost.toNanos();
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return space.next(key, held, until, watch(key));
                    } catch (InterruptedException e) {
                        throw new CompletionException(e);
                    }
                },
                threads);
    }
}
