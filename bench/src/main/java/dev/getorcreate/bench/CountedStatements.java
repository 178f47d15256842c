package dev.getorcreate.bench;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Counts what goes to a database through one DataSource, whoever sends it: this library or code by hand. */
final class CountedStatements {

    /** Up to a moment. */
    record Counts(long finds, long inserts, long others) {

        static final Counts NONE = new Counts(0, 0, 0);

        /** What {@link #toString} gave. */
        static Counts parse(String text) {
            String[] each = text.split("/", -1);
            return new Counts(Long.parseLong(each[0]), Long.parseLong(each[1]), Long.parseLong(each[2]));
        }

        Counts plus(Counts other) {
            return new Counts(finds + other.finds, inserts + other.inserts, others + other.others);
        }

        Counts less(Counts other) {
            return new Counts(finds - other.finds, inserts - other.inserts, others - other.others);
        }

        long all() {
            return finds + inserts + others;
        }

        @Override
        public String toString() {
            return finds + "/" + inserts + "/" + others;
        }
    }

    private final LongAdder finds = new LongAdder();
    private final LongAdder inserts = new LongAdder();
    private final LongAdder others = new LongAdder();
    private final Map<Long, LongAdder> bySecond = new ConcurrentHashMap<>();
    private volatile long start = System.nanoTime();

    Counts now() {
        return new Counts(finds.sum(), inserts.sum(), others.sum());
    }

    /** Seconds are counted from that moment. */
    void countFrom(long moment) {
        start = moment;
        bySecond.clear();
    }

    Map<Long, Long> bySecond() {
        Map<Long, Long> counts = new TreeMap<>();
        bySecond.forEach((second, count) -> counts.put(second, count.sum()));
        return counts;
    }

    DataSource watched(DataSource dataSource) {
        return watched(DataSource.class, dataSource, "");
    }

    private <T> T watched(Class<T> type, T target, String sql) {
        return type.cast(Proxy.newProxyInstance(
                CountedStatements.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, given) -> {
                    if (method.getName().equals("equals")) {
                        return given != null && proxy == given[0];
                    }
                    String text = given != null && given[0] instanceof String first ? first : sql;
                    if (target instanceof Statement && method.getName().startsWith("execute")) {
                        count(text);
                    }
                    return watchedAnswer(method, text, call(method, target, given));
                }));
    }

    private @Nullable Object watchedAnswer(Method method, String sql, @Nullable Object answer) {
        if (method.getReturnType() == Connection.class && answer != null) {
            return watched(Connection.class, (Connection) answer, "");
        }
        if (method.getReturnType() == PreparedStatement.class && answer != null) {
            return watched(PreparedStatement.class, (PreparedStatement) answer, sql);
        }
        return method.getReturnType() == Statement.class && answer != null
                ? watched(Statement.class, (Statement) answer, sql)
                : answer;
    }

    private static @Nullable Object call(Method method, Object target, Object @Nullable [] given) throws Throwable {
        try {
            return method.invoke(target, given);
        } catch (InvocationTargetException e) {
            throw e.getTargetException();
        }
    }

    private void count(String sql) {
        String begins = sql.stripLeading().toLowerCase(Locale.ROOT);
        (begins.startsWith("select") ? finds : begins.startsWith("insert") ? inserts : others).increment();
        long second = Math.floorDiv(System.nanoTime() - start, TimeUnit.SECONDS.toNanos(1));
        bySecond.computeIfAbsent(second, any -> new LongAdder()).increment();
    }
}
