package dev.getorcreate.proof.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.Arbiter;
import dev.getorcreate.ArbiterFailedException;
import dev.getorcreate.CreationFailedException;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Outcome;
import dev.getorcreate.Source;
import dev.getorcreate.WaitInterruptedException;
import dev.getorcreate.spi.Codec;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.Look;
import dev.getorcreate.testkit.InMemoryArbiter;
import dev.getorcreate.testkit.InMemoryRedis;
import dev.getorcreate.testkit.InMemorySharedStore;
import java.io.IOError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.SQLIntegrityConstraintViolationException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What users' code throws though no signature names it, as Kotlin does, or {@code @SneakyThrows}, or a class that is gone. */
class UndeclaredTest {

    private final InMemoryRedis redis = new InMemoryRedis();
    private final InMemorySharedStore store = new InMemorySharedStore(redis);
    private final ForeignProcess foreign = new ForeignProcess(new InMemorySharedStore(redis), "undeclared");

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // that is the trick
    private static <T, E extends Throwable> T sneakily(Throwable thrown) throws E {
        throw (E) thrown;
    }

    private GetOrCreateCache<String, String> cache(Codec<String> values) {
        return GetOrCreateCache.<String, String>builder("undeclared")
                .shared(store, KeyCodec.string(), values)
                .timeToLive(Duration.ofMinutes(5))
                .build();
    }

    private static Codec<String> codec(Supplier<Throwable> encoding, Supplier<Throwable> decoding) {
        return new Codec<>() {
            @Override
            public String id() {
                return Codec.string().id();
            }

            @Override
            public byte[] encode(String value) {
                Throwable thrown = encoding.get();
                return thrown == null ? Codec.string().encode(value) : UndeclaredTest.<byte[], Error>sneakily(thrown);
            }

            @Override
            public String decode(ByteBuffer payload) {
                return UndeclaredTest.<String, Error>sneakily(decoding.get());
            }
        };
    }

    static Stream<Supplier<Throwable>> unreadable() {
        return Stream.of(
                () -> new IOException("no JSON"),
                () -> new NoClassDefFoundError("gone"),
                StackOverflowError::new,
                () -> new AssertionError("never"),
                () -> new IOError(new IOException("no native library")),
                () -> new ServiceConfigurationError("no provider"));
    }

    @ParameterizedTest
    @MethodSource
    void unreadable(Supplier<Throwable> thrown) {
        foreign.publish("k", foreign.claim("k"), "somebody's");
        try (var cache = cache(codec(() -> null, thrown))) {
            assertEquals(Optional.empty(), cache.find("k"));
            assertEquals(new Outcome<>("v", Source.CREATED), cache.obtain("k", key -> "v"));
            assertEquals(2, cache.stats().undecodable());
        }
        assertEquals("v", foreign.record("k"), "it was overwritten");
    }

    /** What it says of the process is more than what it says of the record. */
    @Test
    void aHeapThatIsFullIsNoMiss() {
        foreign.publish("k", foreign.claim("k"), "somebody's");
        try (var cache = cache(codec(() -> null, () -> new OutOfMemoryError("as if")))) {
            assertThrows(OutOfMemoryError.class, () -> cache.getOrCreate("k", key -> "never"));
            assertEquals(0, cache.stats().undecodable());
        }
        assertEquals("somebody's", foreign.record("k"), "it stands");
    }

    @Test
    void aCodecThatCannotWriteIsNamed() {
        IOException thrown = new IOException("no JSON");
        try (var cache = cache(codec(() -> thrown, () -> thrown))) {
            assertSame(
                    thrown,
                    assertThrows(CreationFailedException.class, () -> cache.getOrCreate("k", key -> "v"))
                            .getCause());
        }
    }

    @Test
    void aConflictIsRecognisedAndAnythingElseIsTheArbitersFailure() {
        Map<String, String> rows = new ConcurrentHashMap<>();
        Arbiter<String, String> arbiter = Arbiter.of(
                key -> key.equals("broken")
                        ? UndeclaredTest.<Optional<String>, Error>sneakily(new IOException("cut"))
                        : Optional.ofNullable(rows.get(key)),
                (key, candidate) -> rows.putIfAbsent(key, candidate) == null
                        ? candidate
                        : UndeclaredTest.<String, Error>sneakily(new SQLIntegrityConstraintViolationException()),
                SQLIntegrityConstraintViolationException.class::isInstance);
        try (var cache = GetOrCreateCache.<String, String>builder("undeclared")
                .arbiter(arbiter)
                .build()) {
            assertEquals(new Outcome<>("winner", Source.ADOPTED), cache.obtain("k", key -> {
                rows.put(key, "winner");
                return "loser";
            }));
            assertEquals(
                    IOException.class,
                    assertThrows(ArbiterFailedException.class, () -> cache.getOrCreate("broken", key -> "never"))
                            .getCause()
                            .getClass());
        }
    }

    @Test
    void anInterruptOfTheArbiterIsItsCallersAloneAndIsNotLost() {
        Arbiter<String, String> arbiter = Arbiter.of(
                key -> UndeclaredTest.<Optional<String>, Error>sneakily(new InterruptedException()),
                (key, candidate) -> candidate,
                error -> false);
        try (var cache = GetOrCreateCache.<String, String>builder("undeclared")
                .shared(store, KeyCodec.string(), Codec.string())
                .timeToLive(Duration.ofMinutes(5))
                .arbiter(arbiter)
                .build()) {
            assertThrows(WaitInterruptedException.class, () -> cache.getOrCreate("k", key -> "never"));
            assertTrue(Thread.interrupted());
            assertEquals(Look.Nothing.NOTHING, foreign.look("k"), "no mark");
        }
    }

    /** Also where the message cannot be had, the exception gets to the caller, and the mark to those who waited. */
    @Test
    void anExceptionThatCannotBeAskedForItsMessagePassesUnchanged() {
        IllegalStateException mute = new IllegalStateException() {
            private static final long serialVersionUID = 1L;

            @Override
            public String getMessage() {
                throw new UnsupportedOperationException();
            }
        };
        try (var cache = cache(Codec.string())) {
            assertSame(
                    mute,
                    assertThrows(
                            IllegalStateException.class,
                            () -> cache.getOrCreate("k", key -> {
                                throw mute;
                            })));
        }
        assertEquals(Look.Failed.class, foreign.look("k").getClass());
        InMemoryArbiter<String, String> table = new InMemoryArbiter<>();
        table.failNext(mute);
        try (var cache =
                GetOrCreateCache.<String, String>builder("mute").arbiter(table).build()) {
            assertSame(
                    mute,
                    assertThrows(ArbiterFailedException.class, () -> cache.getOrCreate("k", key -> "never"))
                            .getCause());
        }
    }
}
