package dev.getorcreate.bench;

import dev.getorcreate.bench.TroubleAway.Fault;
import dev.getorcreate.testkit.PostgresServer;
import dev.getorcreate.testkit.RedisCluster;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Supplier;

/**
 * How long until all is served again, what callers are told until then, and what it costs the database: after a creator
 * was killed or frozen, after connections were cut, while Redis is away, and after an upstream was killed.
 */
final class Trouble {

    private final TroubleOptions options;
    private final int trials;
    private final List<String> ways;
    private final TroubleReport report = new TroubleReport();

    private Trouble(TroubleOptions options) {
        this.options = options;
        this.trials = options.trials();
        this.ways = options.ways();
    }

    /**
     * {@code [--quick] [--only holder,cut,away,upstream] [--contenders ours,redissonTuned,redissonLock] [--trials N]
     * [--redis-is killed,silent] [--away SECONDS]}.
     */
    public static void main(String[] args) throws SQLException {
        Quiet.logs();
        TroubleOptions options = TroubleOptions.of(args);
        List<String> kinds = options.kinds();
        Trouble trouble = new Trouble(options);
        try (PostgresServer server = PostgresServer.start()) {
            TroubleDatabase.create(server);
            String jdbcUrl = server.jdbcUrl();
            if (kinds.contains(TroubleOptions.HOLDER)) {
                trouble.holder(jdbcUrl);
            }
            if (kinds.contains(TroubleOptions.CUT)) {
                trouble.cut(jdbcUrl);
            }
            if (kinds.contains(TroubleOptions.AWAY)) {
                trouble.away(jdbcUrl);
            }
        }
        if (kinds.contains(TroubleOptions.UPSTREAM)) {
            trouble.upstream(SentinelGroup::start);
            trouble.upstream(() -> new UpstreamGroup.Cluster(RedisCluster.start()));
        }
        trouble.report.end();
    }

    private void holder(String jdbcUrl) {
        int half = Math.max(1, trials / 2);
        for (String way : ways) {
            report.holder(HolderTrouble.measure(way, jdbcUrl, trials(way), way.equals(TroubleWay.REDISSON) ? 0 : half));
        }
        if (ways.contains(TroubleWay.OURS)) {
            report.holder(HolderTrouble.measure(TroubleWay.OURS, TroubleDatabase.NONE, half, 1));
        }
    }

    /** Redisson's lock as it comes once: it takes as long as its watchdog lets it. */
    private int trials(String way) {
        return way.equals(TroubleWay.REDISSON) ? 1 : trials;
    }

    private void cut(String jdbcUrl) {
        for (String way : ways) {
            report.cut(TroubleCut.measure(way, jdbcUrl, trials(way)));
        }
    }

    private void away(String jdbcUrl) {
        for (String fault : options.faults()) {
            for (String way : ways) {
                Fault how = fault.equals(TroubleOptions.KILLED) ? Fault.KILLED : Fault.SILENT;
                report.away(TroubleAway.measure(way, how, jdbcUrl, options.times()));
            }
        }
    }

    private void upstream(Supplier<UpstreamGroup> start) {
        try (UpstreamGroup group = start.get()) {
            report.upstream(UpstreamTrouble.measure(group, Math.max(2, trials * 3 / 4)));
        }
    }
}
