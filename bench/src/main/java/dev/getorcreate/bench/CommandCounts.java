package dev.getorcreate.bench;

import dev.getorcreate.testkit.RedisServer;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How often a server ran each command, those within scripts included. */
record CommandCounts(Map<String, Long> calls) {

    private static final Pattern CALLS = Pattern.compile("cmdstat_(\\S+):calls=(\\d+)");
    private static final CommandCounts ASKING = new CommandCounts(Map.of("info", 1L));

    /** Up to now. */
    static CommandCounts of(RedisServer redis) {
        Matcher line = CALLS.matcher(String.valueOf(redis.command("INFO", "commandstats")));
        Map<String, Long> calls = new TreeMap<>();
        while (line.find()) {
            calls.put(line.group(1), Long.parseLong(line.group(2)));
        }
        return new CommandCounts(calls);
    }

    /** What came since; the asking for {@code before} is left out. */
    CommandCounts since(CommandCounts before) {
        return less(before).less(ASKING);
    }

    CommandCounts less(CommandCounts other) {
        Map<String, Long> rest = new TreeMap<>(calls);
        other.calls.forEach((command, count) -> rest.merge(command, -count, Long::sum));
        rest.values().removeIf(count -> count == 0);
        return new CommandCounts(rest);
    }

    CommandCounts plus(CommandCounts other) {
        Map<String, Long> sum = new TreeMap<>(calls);
        other.calls.forEach((command, count) -> sum.merge(command, count, Long::sum));
        return new CommandCounts(sum);
    }

    CommandCounts only(Predicate<String> commands) {
        Map<String, Long> kept = new TreeMap<>(calls);
        kept.keySet().removeIf(commands.negate());
        return new CommandCounts(kept);
    }

    long count(String command) {
        return calls.getOrDefault(command, 0L);
    }

    long sum() {
        return calls.values().stream().mapToLong(Long::longValue).sum();
    }
}
