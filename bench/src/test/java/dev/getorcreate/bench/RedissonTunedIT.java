package dev.getorcreate.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.getorcreate.testkit.PostgresServer;
import dev.getorcreate.testkit.RedisServer;
import dev.getorcreate.testkit.Servers;
import java.sql.Connection;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.redisson.config.Config;

/** What a rival is given that is to be as well off in trouble as its settings allow. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RedissonTunedIT {

    private final DataSource postgres =
            Servers.need("PostgreSQL", PostgresServer::shared).dataSource();
    private final RedisServer redis = Servers.need("Redis", RedisServer::startOwn);
    private TroubleWay way;

    @BeforeEach
    void start() throws Exception {
        try (Connection connection = postgres.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS records");
            HandWritten.createTable(connection);
        }
        way = TroubleWay.named(TroubleWay.TUNED, redis.uri(), postgres);
    }

    @AfterEach
    void end() {
        if (way != null) {
            way.close();
        }
        redis.close();
    }

    @Test
    void itsWatchdogAndTimeOutAreAsLongAsOurs() {
        Config config = RedissonTuned.config(redis.uri());
        assertEquals(2000, config.getLockWatchdogTimeout());
        assertEquals(250, config.useSingleServer().getTimeout());
        assertEquals(0, config.useSingleServer().getRetryAttempts());
    }

    @Test
    void theTableAnswersWhileRedisIsSilent() throws Exception {
        redis.freeze();
        assertEquals(new TroubleWay.Answer("made", TroubleWay.TABLE), way.getOrCreate("key", any -> "made"));
        assertEquals(new TroubleWay.Answer("made", TroubleWay.TABLE), way.getOrCreate("key", any -> "other"));
        redis.thaw();
    }

    @Test
    void theTableAnswersWhileRedisIsDead() throws Exception {
        redis.kill();
        assertEquals(new TroubleWay.Answer("made", TroubleWay.TABLE), way.getOrCreate("key", any -> "made"));
    }

    @Test
    void whoseLockIsLostWhileHeCreatesHasHisAnswerAllTheSame() throws Exception {
        TroubleWay.Answer answer = way.getOrCreate("key", key -> {
            redis.command("DEL", RedissonLock.lockOf(key));
            return "made";
        });
        assertEquals(new TroubleWay.Answer("made", TroubleWay.TABLE), answer);
    }

    @Test
    void whoeverLosesRedisWhileHeCreatesHasHisAnswerAllTheSame() throws Exception {
        TroubleWay.Answer answer = way.getOrCreate("key", key -> {
            redis.kill();
            return "made";
        });
        assertEquals(new TroubleWay.Answer("made", TroubleWay.TABLE), answer);
    }
}
