package dev.getorcreate.bench;

import dev.getorcreate.bench.CountedStatements.Counts;
import dev.getorcreate.testkit.ChildJvm;
import dev.getorcreate.testkit.RedisServer;
import dev.getorcreate.testkit.TcpProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A Redis, processes whose threads wait for a key, and the one that holds it: all of one way, each with its own proxy. */
final class TroubleTeam implements AutoCloseable {

    static final int WAITING = 3;
    static final int THREADS = 4;

    private static final Duration SOON = Duration.ofMinutes(1);
    /** The library's default lease is 2 s, and renewed every third: the trouble comes at any moment of that. */
    private static final int RENEWAL_MILLIS = 667;

    private static final int SETTLING_MILLIS = 500;

    /** What callers of one key were told, in all processes that were heard. */
    static final class Told {
        final TreeSet<String> values = new TreeSet<>();
        final CallerErrors errors = new CallerErrors();
        Counts statements = Counts.NONE;
        int creatorRuns;
        /** When the last of them was served. */
        long last = Long.MIN_VALUE;

        void hear(ChildJvm child) {
            String[] answered = child.expect("(answered|failed) .*", SOON).split(" ", 6);
            if (answered[0].equals("failed")) {
                throw new IllegalStateException("callers were never served: " + answered[3]);
            }
            last = Math.max(last, Long.parseLong(answered[1]));
            creatorRuns += Integer.parseInt(answered[2]);
            errors.addAll(answered[3]);
            statements = statements.plus(Counts.parse(answered[4]));
            values.addAll(List.of(answered[5].split("\\|", -1)));
        }

        /**
         * Whether not all were told the same record.
         *
         * @param rows what the table has: that is the record; null: there is no table
         */
        boolean isDiffering(@Nullable List<String> rows) {
            return rows == null ? values.size() > 1 : !values.equals(new TreeSet<>(rows));
        }
    }

    final String way;
    private final String jdbcUrl;
    private final boolean throughProxies;
    private final RedisServer redis = RedisServer.startOwn();
    private final List<ChildJvm> waiting = new ArrayList<>();
    /** The waiters', in their order, and behind them the holder's. */
    private final List<TcpProxy> proxies = new ArrayList<>();

    private final Random random = new Random(5);

    /**
     * Starts them, and lets them load their classes.
     *
     * @param jdbcUrl of the table that decides, or {@link TroubleDatabase#NONE}
     * @param throughProxies whether {@link #cut} is to be
     */
    TroubleTeam(String way, String jdbcUrl, boolean throughProxies) {
        this.way = way;
        this.jdbcUrl = jdbcUrl;
        this.throughProxies = throughProxies;
        try {
            for (int i = 0; i <= WAITING; i++) {
                proxies.add(TcpProxy.to(redis.port()));
            }
            for (int i = 0; i < WAITING; i++) {
                waiting.add(process("waiting" + i, proxies.get(i)));
            }
            waiting.forEach(each -> each.expect("ready", SOON));
            for (int i = 0; i < 5; i++) {
                ask("warm" + System.nanoTime());
                hearWaiting(new Told());
            }
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    private ChildJvm process(String name, TcpProxy proxy) {
        String uri = throughProxies ? "redis://127.0.0.1:" + proxy.port() : redis.uri();
        return ChildJvm.start(name, List.of("-XX:+UseSerialGC"), TroubleProcess.class, way, uri, jdbcUrl);
    }

    ChildJvm startHolder() {
        ChildJvm holder = process("holder", proxies.get(WAITING));
        try {
            holder.expect("ready", SOON);
            return holder;
        } catch (Throwable e) {
            holder.close();
            throw e;
        }
    }

    /** Until the holder is in its creator and all others wait for it; gives what that one's look cost the database. */
    Counts hold(ChildJvm holder, String key) {
        holder.send("hold " + key);
        Counts looked = Counts.parse(holder.expect("creating .*", SOON).split(" ", -1)[1]);
        ask(key);
        Pause.millis(SETTLING_MILLIS + random.nextInt(RENEWAL_MILLIS));
        return looked;
    }

    private void ask(String key) {
        waiting.forEach(each -> each.send("ask " + key + " " + THREADS));
        waiting.forEach(each -> each.expect("asking", SOON));
    }

    /** A trial of that key that is over, its time counted from that moment. */
    TroubleTrial trial(String key, Told told, long from) {
        return TroubleTrial.of(
                told, from, jdbcUrl.equals(TroubleDatabase.NONE) ? null : TroubleDatabase.rowsOf(key, jdbcUrl));
    }

    void hearWaiting(Told told) {
        waiting.forEach(told::hear);
    }

    /** Resets connections to Redis; new ones pass. */
    void cut(boolean holders, boolean waiters) {
        if (holders) {
            proxies.get(WAITING).cut();
        }
        if (waiters) {
            proxies.subList(0, WAITING).forEach(TcpProxy::cut);
        }
    }

    @Override
    public void close() {
        waiting.forEach(ChildJvm::close);
        proxies.forEach(TcpProxy::close);
        redis.close();
    }
}
