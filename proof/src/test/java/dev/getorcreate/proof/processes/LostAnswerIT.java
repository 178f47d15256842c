package dev.getorcreate.proof.processes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.Source;
import dev.getorcreate.testkit.PostgresServer;
import dev.getorcreate.testkit.RedisServer;
import dev.getorcreate.testkit.TcpProxy;
import java.util.EnumSet;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** I3: the connection to the database is lost around the insert. */
class LostAnswerIT {

    private static final Pattern ADDRESS = Pattern.compile("//[^/]*:(\\d+)/");

    private static RedisServer redis;
    private static PostgresServer postgres;

    @BeforeAll
    static void servers() {
        redis = Scene.needRedis();
        postgres = Scene.needPostgres();
    }

    @AfterAll
    static void end() {
        if (redis != null) {
            redis.close();
        }
    }

    @Test
    void anInsertThatTookEffectAndWhoseAnswerWasLostIsRecoveredAndNobodyIsToldCreated() {
        try (TcpProxy proxy = TcpProxy.to(port());
                Scene scene = new Scene(redis, postgres)) {
            CacheClient creator =
                    scene.start(setup -> setup.jdbc(through(proxy)).pool(1));
            CacheClient other = scene.start(setup -> setup);
            Request held = creator.hold("k");
            proxy.holdReplies(true);
            held.go();
            Scene.soon().until(() -> !scene.rows().isEmpty());
            assertTrue(!held.isDone(), "the answer is under way");
            proxy.cut();
            proxy.holdReplies(false);
            Answer recovered = held.answer();
            assertEquals(Source.RECOVERED, recovered.source());
            assertEquals(Map.of("k", recovered.value()), scene.rows());
            Answer shared = other.obtain("k");
            assertEquals(Source.SHARED, shared.source(), "it was published");
            assertEquals(recovered.value(), shared.value());
        }
    }

    @Test
    void aConnectionThatIsCutWhileTheCreatorRunsCostsNeitherTheAnswerNorASecondRow() {
        try (TcpProxy proxy = TcpProxy.to(port());
                Scene scene = new Scene(redis, postgres)) {
            CacheClient creator =
                    scene.start(setup -> setup.jdbc(through(proxy)).pool(1));
            Request held = creator.hold("k");
            proxy.cut();
            held.go();
            Answer answer = held.answer();
            // Whether an insert on a connection that is found dead took effect cannot be told in general.
            assertTrue(EnumSet.of(Source.CREATED, Source.RECOVERED).contains(answer.source()), answer.toString());
            assertEquals(Map.of("k", answer.value()), scene.rows());
        }
    }

    private static int port() {
        Matcher address = ADDRESS.matcher(postgres.jdbcUrl());
        return address.find() ? Integer.parseInt(address.group(1)) : 5432;
    }

    private static String through(TcpProxy proxy) {
        return ADDRESS.matcher(postgres.jdbcUrl()).replaceFirst("//127.0.0.1:" + proxy.port() + "/");
    }
}
