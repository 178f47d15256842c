package dev.getorcreate.redis;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.SharedStoreUnavailableException;
import dev.getorcreate.spi.Claim;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.Published;
import dev.getorcreate.spi.SharedSpace;
import dev.getorcreate.spi.TimeSource;
import dev.getorcreate.spi.Token;
import dev.getorcreate.spi.Vouch;
import dev.getorcreate.spi.Watch;
import dev.getorcreate.testkit.RedisServer;
import dev.getorcreate.testkit.Servers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A claim that goes along with its look, since so many looks in a row found nothing. */
class ColdStreakIT {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Watch NOBODY = vouch -> {};
    private static final Pattern SETS = Pattern.compile("cmdstat_set:calls=(\\d+)");

    private final List<RedisSharedStore> opened = new ArrayList<>();
    private RedisServer redis;
    private SharedSpace<String> mine;
    private SharedSpace<String> others;

    @BeforeEach
    void start() {
        redis = Servers.need("Redis", RedisServer::startOwn);
        mine = space();
        others = space();
    }

    @AfterEach
    void stop() {
        opened.forEach(RedisSharedStore::close);
        redis.close();
    }

    private SharedSpace<String> space() {
        return space(Duration.ofSeconds(10));
    }

    private SharedSpace<String> space(Duration commandTimeout) {
        RedisSharedStore store = RedisSharedStore.builder(redis.uri())
                .commandTimeout(commandTimeout)
                .pollEvery(Duration.ofHours(1))
                .build();
        opened.add(store);
        SharedSpace<String> space = store.open("cold", KeyCodec.string(), "utf8", key -> {});
        assertInstanceOf(Look.Nothing.class, space.look("it is connected", NOBODY));
        return space;
    }

    private static Claim claim() {
        return new Claim(Token.random(), LONG, () -> {});
    }

    private Look ask(String key) {
        return mine.lookOrClaim(key, ColdStreakIT::claim, NOBODY);
    }

    private void misses(int times) {
        for (int i = 0; i < times; i++) {
            assertInstanceOf(Look.Granted.class, ask("cold " + i));
        }
    }

    private static Claim othersClaim(SharedSpace<String> space, String key) {
        Claim claim = claim();
        assertInstanceOf(Look.Granted.class, space.claim(key, claim, null, NOBODY));
        return claim;
    }

    private void publish(String key, Claim claim) {
        byte[] payload = "v".getBytes(StandardCharsets.UTF_8);
        assertEquals(Published.PUBLISHED, others.publish(key, claim, payload, LONG, NOBODY));
    }

    private int sets() {
        Matcher sets = SETS.matcher(String.valueOf(redis.command("INFO", "commandstats")));
        return sets.find() ? Integer.parseInt(sets.group(1)) : 0;
    }

    @Test
    void oneRecordEndsTheStreak() {
        publish("k", othersClaim(others, "k"));
        misses(4);
        int before = sets();
        AtomicReference<Vouch> word = new AtomicReference<>();
        assertInstanceOf(Look.Present.class, mine.lookOrClaim("k", ColdStreakIT::claim, word::set));
        assertEquals(before + 1, sets(), "the claim went along");
        assertTrue(word.get().servableUntil() > TimeSource.system().nanoTime(), "it may be kept");
        assertInstanceOf(Look.Present.class, ask("k"));
        assertEquals(before + 1, sets(), "a record was found, so a look goes alone");
    }

    @Test
    void threeMissesAreNoStreak() {
        publish("k", othersClaim(others, "k"));
        misses(3);
        int before = sets();
        assertInstanceOf(Look.Present.class, ask("k"));
        assertEquals(before, sets());
    }

    @Test
    void whoIsRefusedTheClaimIsToldWhenItEnds() throws InterruptedException {
        misses(4);
        Claim claim = othersClaim(others, "k");
        Look.Held held = assertInstanceOf(Look.Held.class, ask("k"));
        assertEquals(claim.token(), held.token());
        assertWakes("k", held, claim);
    }

    /** The record goes in between. */
    @Test
    void aClaimIsTakenBackThatCameTooLateForItsRecord() {
        publish("k", othersClaim(others, "k"));
        mine = space(Duration.ofMillis(500));
        misses(4);
        redis.command("CLIENT", "PAUSE", "60000", "WRITE");
        CompletableFuture<?> deletion = CompletableFuture.supplyAsync(() -> others.invalidate("k"));
        await().until(() -> blocked() == 1);
        assertInstanceOf(Look.Present.class, ask("k"), "it had not been invalidated when it was read");
        redis.command("CLIENT", "UNPAUSE");
        deletion.join();
        await().until(() -> others.look("k", NOBODY) instanceof Look.Nothing);
    }

    /** The other claim comes in between: what the look in front registered for was told, and is over. */
    @Test
    void aClaimBetweenTheLookAndItsClaimIsSeen() throws InterruptedException {
        misses(4);
        Claim claim = claim();
        redis.command(
                "CLIENT", "PAUSE", "60000", "WRITE"); // looks are answered, claims wait in the order in which they came
        CompletableFuture<Look> first = CompletableFuture.supplyAsync(() -> others.claim("k", claim, null, NOBODY));
        await().until(() -> blocked() == 1);
        CompletableFuture<Look> second = CompletableFuture.supplyAsync(() -> ask("k"));
        await().until(() -> blocked() == 2);
        redis.command("CLIENT", "UNPAUSE");
        assertInstanceOf(Look.Granted.class, first.join());
        Look.Held held = assertInstanceOf(Look.Held.class, second.join());
        assertEquals(claim.token(), held.token());
        assertWakes("k", held, claim);
    }

    private int blocked() {
        Matcher blocked =
                Pattern.compile("blocked_clients:(\\d+)").matcher(String.valueOf(redis.command("INFO", "clients")));
        return blocked.find() ? Integer.parseInt(blocked.group(1)) : 0;
    }

    private void assertWakes(String key, Look.Held held, Claim claim) throws InterruptedException {
        CompletableFuture<Void> publishing = CompletableFuture.runAsync(() -> publish(key, claim));
        long until = TimeSource.system().nanoTime() + Duration.ofSeconds(20).toNanos();
        assertInstanceOf(Look.Present.class, mine.next(key, held, until, NOBODY));
        publishing.join();
        assertEquals(0, mine.pollsThatFound());
    }

    @Test
    void aServerThatRefusesToWriteStillGivesItsRecords() {
        publish("k", othersClaim(others, "k"));
        misses(4);
        redis.command("CONFIG", "SET", "maxmemory", "1");
        assertInstanceOf(Look.Present.class, ask("k"));
    }

    @Test
    void aServerThatRefusesToWriteStillTellsOfAClaim() throws InterruptedException {
        Claim claim = othersClaim(others, "k");
        misses(4);
        redis.command("CONFIG", "SET", "maxmemory", "1");
        Look.Held held = assertInstanceOf(Look.Held.class, ask("k"));
        assertEquals(claim.token(), held.token());
        redis.command("CONFIG", "SET", "maxmemory", "0");
        assertWakes("k", held, claim);
    }

    @Test
    void theRecordInFrontIsTheAnswerWhereItsClaimGetsNone() {
        publish("k", othersClaim(others, "k"));
        mine = space(Duration.ofMillis(500));
        misses(4);
        redis.command("CLIENT", "PAUSE", "60000", "WRITE");
        AtomicReference<Vouch> word = new AtomicReference<>();
        assertInstanceOf(Look.Present.class, mine.lookOrClaim("k", ColdStreakIT::claim, word::set));
        assertTrue(word.get().servableUntil() > 0, "it may be kept");
        redis.command("CLIENT", "UNPAUSE");
        assertInstanceOf(Look.Present.class, others.look("k", NOBODY));
    }

    @Test
    void whereTheClaimIsRefusedAndNothingStandsTheErrorIsTold() {
        misses(4);
        redis.command("CONFIG", "SET", "maxmemory", "1");
        var refused = assertThrows(SharedStoreUnavailableException.class, () -> ask("k"));
        assertTrue(refused.getMessage().contains("OOM"), refused::getMessage);
        redis.command("CONFIG", "SET", "maxmemory", "0");
        assertInstanceOf(Look.Granted.class, ask("k"));
    }

    /** Or whoever cannot decode it would be given it again and again. */
    @Test
    void whatIsToBeReplacedIsNoAnswerWhereWritesAreRefused() {
        publish("k", othersClaim(others, "k"));
        Look.Present undecodable = assertInstanceOf(Look.Present.class, ask("k"));
        redis.command("CONFIG", "SET", "maxmemory", "1");
        assertThrows(SharedStoreUnavailableException.class, () -> mine.claim("k", claim(), undecodable.seen(), NOBODY));
    }

    @Test
    void aKeyOfAnotherTypeIsClaimedOver() {
        misses(4);
        String stamp = String.valueOf(redis.command("GET", "cold:generation"));
        redis.command("RPUSH", "cold:" + stamp + ":k", "x");
        Look.Unreadable seen = assertInstanceOf(Look.Unreadable.class, ask("k"));
        assertInstanceOf(Look.Granted.class, mine.claim("k", claim(), seen.seen(), NOBODY));
    }
}
