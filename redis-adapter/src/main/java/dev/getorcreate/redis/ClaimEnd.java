package dev.getorcreate.redis;

import dev.getorcreate.SharedStoreUnavailableException;
import dev.getorcreate.spi.Failure;
import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.Token;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What a claim is replaced by, if it still stands there: a record, or a failure mark. */
final class ClaimEnd {

    private static final System.Logger LOG = System.getLogger("dev.getorcreate.redis");

    private ClaimEnd() {}

    /**
     * Publishes, and looks in the same flush. What becomes of the look changes nothing about what the script said: the
     * watch is told of nothing then, and so nothing is kept locally.
     *
     * @return false: the claim is not there any more
     */
    static boolean publish(Place place, Token token, byte[] record, Duration timeToLive, Supplier<Looking> look) {
        byte[] stamp = Payload.claimStamp(token);
        byte[] life = decimal(timeToLive);
        for (boolean byText = false; ; byText = true) {
            Reply<Long> publishing =
                    Reply.script(Script.PUBLISH, byText, place.whole(), ignored -> {}, stamp, record, life);
            Looking looking = look.get();
            place.link().send(publishing, looking.reply());
            try {
                Long published = place.link().await(publishing);
                awaitQuietly(looking);
                return published != null && published == 1;
            } catch (SharedStoreUnavailableException e) {
                if (Refusals.isWrongType(e.getCause())) {
                    return false;
                }
                if (byText || !Refusals.isNoScript(e.getCause())) {
                    throw e;
                }
            }
        }
    }

    private static void awaitQuietly(Looking looking) {
        try {
            Look unused = looking.awaitAnswer();
        } catch (SharedStoreUnavailableException e) {
            LOG.log(System.Logger.Level.DEBUG, "what was published could not be looked at", e);
        }
    }

    /**
     * Leaves a failure mark. Does not wait for the answer. By its text at once: sent again, it would come after the next
     * look of the caller that got the failure.
     *
     * @param before is given the reply before it is sent
     */
    static void fail(Link link, byte[] whole, Token token, Failure failure, Consumer<Reply<Long>> before) {
        byte[] mark = Payload.failed(token, failure);
        byte[] stamp = Payload.claimStamp(token);
        Reply<Long> leaving =
                Reply.script(Script.PUBLISH, true, whole, ignored -> {}, stamp, mark, decimal(failure.hold()));
        before.accept(leaving);
        link.send(leaving);
    }

    private static byte[] decimal(Duration duration) {
        return Long.toString(duration.toMillis()).getBytes(StandardCharsets.US_ASCII);
    }
}
