package dev.getorcreate.proof.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.getorcreate.spi.Claim;
import dev.getorcreate.spi.Codec;
import dev.getorcreate.spi.Failure;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.Published;
import dev.getorcreate.spi.SharedSpace;
import dev.getorcreate.spi.SharedStore;
import dev.getorcreate.spi.Token;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Another process, seen only by what it does in the shared store, step by step. */
final class ForeignProcess {

    private static final Duration LEASE = Duration.ofSeconds(2);

    private final SharedSpace<String> space;

    ForeignProcess(SharedStore store, String cache) {
        this.space = store.open(cache, KeyCodec.string(), Codec.string().id(), key -> {});
    }

    /** Claims the key, and renews the claim until it publishes, releases, or dies. */
    Claim claim(String key) {
        Claim claim = new Claim(Token.random(), LEASE, () -> {});
        assertEquals(Look.Granted.GRANTED, space.claim(key, claim, null, vouch -> {}));
        return claim;
    }

    void publish(String key, Claim claim, String value) {
        byte[] payload = value.getBytes(StandardCharsets.UTF_8);
        assertEquals(Published.PUBLISHED, space.publish(key, claim, payload, Duration.ofMinutes(5), vouch -> {}));
    }

    void release(String key, Claim claim) {
        space.release(key, claim, null);
    }

    /** Fails under the claim, and leaves a mark. */
    void fail(String key, Claim claim, String error, String message) {
        space.release(key, claim, new Failure(error, message, Duration.ofSeconds(1)));
    }

    void invalidate(String key) {
        space.invalidate(key);
    }

    /** What stands there. */
    Look look(String key) {
        return space.look(key, vouch -> {});
    }

    /** The record that stands there, or the word nothing. */
    String record(String key) {
        return look(key) instanceof Look.Present record ? Codec.string().decode(record.payload()) : "nothing";
    }
}
