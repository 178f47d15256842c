package dev.getorcreate.proof.processes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.Source;
import dev.getorcreate.testkit.OwnPostgres;
import dev.getorcreate.testkit.RedisServer;
import dev.getorcreate.testkit.Servers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** I1 and I3: the database is killed while processes race, and comes back with what it had committed. */
class DatabaseRestartIT {

    private static final int PROCESSES = 3;
    private static final int THREADS = 8;
    private static final int GAP_MILLIS = 5;

    @Test
    void aDatabaseThatIsKilledInMidRunLosesAndDoublesNothing() {
        try (RedisServer redis = Scene.needRedis();
                OwnPostgres postgres = Servers.need("PostgreSQL", OwnPostgres::start);
                Scene scene = new Scene(redis, postgres)) {
            List<CacheClient> processes = scene.start(PROCESSES, setup -> setup.pool(2));
            List<Request> loads = processes.stream()
                    .map(process -> process.begin("load", "k", GAP_MILLIS, THREADS, 1))
                    .toList();
            Scene.soon().until(() -> scene.rows().size() >= 50);
            Map<String, String> before = scene.rows();

            postgres.kill();
            postgres.restart();

            Map<String, String> survived = scene.rows();
            before.forEach((key, value) -> assertEquals(value, survived.get(key), "a committed row"));
            Scene.soon().until(() -> scene.rows().size() >= survived.size() + 50);
            loads.forEach(Request::go);
            Answers answers = Answers.of(loads);
            answers.assertRowsAnswer(scene.rows());
            answers.createdByKey().forEach((key, count) -> assertEquals(1, count, "told CREATED for " + key));
            for (String error : answers.errors()) {
                assertTrue(error.contains("ArbiterFailedException") || error.contains("CreationFailed"), error);
            }
            assertTrue(answers.count(Source.CREATED) >= 100, answers.toString());
        }
    }
}
