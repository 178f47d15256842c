package dev.getorcreate.proof.processes;

import dev.getorcreate.Arbiter;
import dev.getorcreate.CacheBuilder;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.jdbc.JdbcArbiter;
import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.redis.RedisSharedStore;
import dev.getorcreate.spi.Codec;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.testkit.ChildJvm;
import dev.getorcreate.testkit.PostgresServer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * One process with one cache, told what to do over its standard input: lines {@code ID VERB ARGUMENTS}, several at a
 * time. It answers with lines {@code ID WHAT ...}; the last of an ID is {@code ok} or {@code failed}.
 */
public final class CacheProcess {

    /** Held, for a logger nobody holds forgets its level. */
    private static final Logger LOG = Logger.getLogger("dev.getorcreate");

    private static final Duration MAX_CREATION_TIME = Duration.ofSeconds(30);

    private CacheProcess() {}

    /** Runs until its standard input closes. */
    public static void main(String[] args) throws InterruptedException {
        BlockingQueue<String> lines = ChildJvm.endWithParent();
        LOG.setLevel(Level.OFF);
        Setup setup = Setup.parse(args);
        Requests requests = new Requests(setup.process(), cache(setup), System.out::println);
        System.out.println("- ready");
        while (true) {
            requests.begin(lines.take());
        }
    }

    private static GetOrCreateCache<String, String> cache(Setup setup) {
        CacheBuilder<String, String> builder = GetOrCreateCache.<String, String>builder(setup.cache())
                .local(CaffeineLocal.defaults())
                .lease(setup.lease())
                .maxCreationTime(MAX_CREATION_TIME)
                .waitTimeout(MAX_CREATION_TIME.plus(setup.lease()).plusSeconds(10));
        if (setup.coarseClock()) {
            builder.coarseClock();
        }
        String redis = setup.redis();
        if (redis != null) {
            RedisSharedStore store = RedisSharedStore.builder(redis)
                    .maxStaleness(setup.maxStaleness())
                    .commandTimeout(setup.commandTimeout())
                    .build();
            builder.shared(store, KeyCodec.string(), Codec.string()).timeToLive(Duration.ofMinutes(5));
        }
        String table = setup.table();
        if (table != null) {
            PGSimpleDataSource source = new PGSimpleDataSource();
            source.setUrl(setup.jdbc());
            String user = System.getenv(PostgresServer.USER_VARIABLE);
            if (user != null) {
                source.setUser(user);
                source.setPassword(System.getenv(PostgresServer.PASSWORD_VARIABLE));
            }
            builder.arbiter(new PausingArbiter(arbiter(SmallPool.of(source, setup.pool()), table)));
        }
        return builder.build();
    }

    private static Arbiter<String, String> arbiter(DataSource source, String table) {
        return JdbcArbiter.<String, String>on(source)
                .table(table)
                .key("key", key -> key)
                .columns((row, key, value) -> row.set("value", value))
                .mapper(row -> row.getString("value"))
                .build();
    }
}
