package dev.getorcreate.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.getorcreate.SharedStoreUnavailableException;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.Token;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The script's answer comes, and that of the look behind it does not. */
class ClaimEndTest {

    private static final Token TOKEN = Token.random();

    private final RedisSharedStore store = Wire.store();
    private final RedisSpace<String> space =
            (RedisSpace<String>) store.open("ends", KeyCodec.string(), "utf8", key -> {});
    private final List<Object> told = new ArrayList<>();

    @AfterEach
    void close() {
        store.close();
    }

    private boolean publish(Consumer<Reply<?>> script) {
        Wire wire = new Wire(store.routes().home(new byte[0]), store.time(), sent -> {
            if (sent.getType() == CommandType.EVALSHA) {
                script.accept(sent);
            }
        });
        Generation generation = new Generation(new Namespace("ends"), Generation.newStamp(), wire.link, 0);
        Invalidations.Key key = space.bare("k");
        Place place = new Place(key, generation, Deletes.whole(generation, key), wire.link);
        Looking.Sight sight = new Looking.Sight(new byte[0], new Waiters(), space.generations(), store.invalidations());
        boolean published = ClaimEnd.publish(
                place,
                TOKEN,
                new byte[0],
                Duration.ofMinutes(1),
                () -> new Looking(sight, place, told::add, TOKEN, Looking.NOTHING_MORE));
        assertEquals(List.of(), told);
        return published;
    }

    private static Consumer<Reply<?>> says(long answer) {
        return script -> {
            script.getOutput().set(answer);
            script.complete();
        };
    }

    @Test
    void whatIsPublishedIsSo() {
        assertEquals(true, publish(says(1)));
    }

    @Test
    void whatIsRejectedIsSo() {
        assertEquals(false, publish(says(0)));
    }

    @Test
    void withoutTheScriptsAnswerNobodyKnows() {
        assertThrows(SharedStoreUnavailableException.class, () -> publish(script -> {}));
        assertThrows(
                SharedStoreUnavailableException.class,
                () -> publish(script ->
                        script.completeExceptionally(new RedisCommandExecutionException("OOM command not allowed"))));
    }
}
