package dev.getorcreate.redis;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.getorcreate.spi.Claim;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.SharedSpace;
import dev.getorcreate.spi.Token;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Renewals that go out in one flush, and whose answers differ. */
class RenewalsTest {

    private static final Duration LEASE = Duration.ofSeconds(4);

    /** To a node that forgot its scripts, as by a restart, and a slot of which is on its way to one that is away. */
    @Test
    void oneThatIsSentOnToNobodyKeepsNoOtherFromBeingSentByItsText() {
        AtomicInteger byText = new AtomicInteger();
        try (ScriptedRedis node = new ScriptedRedis().says(command -> {
                    if (command.startsWith("EVALSHA ")) {
                        return command.contains(":moving ")
                                ? "-ASK 1 127.0.0.1:1\r\n"
                                : "-NOSCRIPT No matching script\r\n";
                    }
                    if (command.startsWith("EVAL ") && command.contains(":staying ")) {
                        byText.incrementAndGet();
                        return ScriptedRedis.number(1);
                    }
                    return command.startsWith("SET ") ? "$-1\r\n" : null;
                });
                RedisSharedStore store = RedisSharedStore.cluster(node.uri())
                        .commandTimeout(Duration.ofSeconds(2))
                        .build()) {
            SharedSpace<String> space = store.open("renewed", KeyCodec.string(), "utf8", key -> {});
            for (String key : List.of("moving", "staying")) {
                Claim claim = new Claim(Token.random(), LEASE, () -> {});
                assertInstanceOf(Look.Granted.class, space.claim(key, claim, null, vouch -> {}));
            }
            await().atMost(LEASE).until(() -> byText.get() > 0);
        }
    }
}
