package dev.getorcreate.jdbc;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.ArbiterFailedException;
import dev.getorcreate.Ruling;
import dev.getorcreate.testkit.PgBouncer;
import dev.getorcreate.testkit.PostgresServer;
import dev.getorcreate.testkit.Servers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** All that is tested on PostgreSQL, through transaction pooling: the next statement may be another session's. */
@Tag("matrix")
class PgBouncerIT extends JdbcArbiterIT {

    private static final int CALLERS = 64;

    /** One that waits for a rival, the rival, and whoever looks at both. */
    private static final int CONNECTIONS = 4;

    private static PgBouncer bouncer;

    @BeforeAll
    static void start() {
        bouncer = before(CONNECTIONS);
    }

    @AfterAll
    static void stop() {
        if (bouncer != null) {
            bouncer.close();
        }
    }

    private static PgBouncer before(int connections) {
        PostgresServer server = Servers.need("PostgreSQL", PostgresServer::shared);
        return Servers.need("PgBouncer", () -> PgBouncer.before(server, connections));
    }

    @Override
    DataSource dataSource() {
        return bouncer.dataSource();
    }

    /** It keeps prepared statements for all its clients, also those that fit no more: so they say no, and what to do. */
    @Override
    @Test
    void aColumnMayBeAddedWhileWeRun() throws Exception {
        ArbiterFailedException e = assertThrows(ArbiterFailedException.class, super::aColumnMayBeAddedWhileWeRun);
        assertTrue(e.getMessage().contains("prepareThreshold=0"), e::getMessage);
        PGSimpleDataSource unprepared = Postgres.copyOf((PGSimpleDataSource) dataSource);
        unprepared.setPrepareThreshold(0);
        Sql.run(dataSource, "DROP TABLE " + table);
        dataSource = unprepared;
        freshArbiter();
        dataSource = unprepared;
        super.aColumnMayBeAddedWhileWeRun();
    }

    @Test
    void callersThatRaceForTwoConnectionsAreAllAnsweredAndOneIsToldCreated() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
        DataSource direct = dataSource;
        try (PgBouncer narrow = before(2)) {
            dataSource = narrow.dataSource();
            JdbcArbiter<String, Entry> arbiter = builder().build();
            for (int round = 0; round < 5; round++) {
                String key = "k" + round;
                CyclicBarrier together = new CyclicBarrier(CALLERS);
                List<Future<Ruling<Entry>>> answers = new ArrayList<>();
                for (int caller = 0; caller < CALLERS; caller++) {
                    Entry mine = new Entry(key, key + '-' + caller);
                    answers.add(threads.submit(() -> {
                        together.await();
                        return arbiter.insert(key, mine);
                    }));
                }
                int created = 0;
                for (Future<Ruling<Entry>> answer : answers) {
                    Ruling<Entry> ruling = answer.get(60, SECONDS);
                    created += ruling.verdict() == Ruling.Verdict.CREATED ? 1 : 0;
                    assertEquals(arbiter.find(key).orElseThrow(), ruling.winner());
                }
                assertEquals(1, created);
            }
        } finally {
            threads.shutdownNow();
            dataSource = direct;
        }
    }
}
