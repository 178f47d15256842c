package dev.getorcreate.bench;

import dev.getorcreate.testkit.RedisServer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One number of a server's INFO. */
final class Info {

    private Info() {}

    static double number(RedisServer redis, String section, String field) {
        String info = String.valueOf(redis.command("INFO", section));
        Matcher line = Pattern.compile("(?m)^" + field + ":([0-9.]+)").matcher(info);
        if (!line.find()) {
            throw new IllegalStateException("no " + field + " in INFO " + section);
        }
        return Double.parseDouble(line.group(1));
    }

    /** Processor time that the server has used. */
    static long cpuNanos(RedisServer redis) {
        return (long) ((number(redis, "cpu", "used_cpu_user") + number(redis, "cpu", "used_cpu_sys")) * 1e9);
    }
}
