package dev.getorcreate.redis;

import io.lettuce.core.RedisCommandExecutionException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a server says of itself. Where it may not be asked, it is taken at its word: a standalone upstream of a recent
 * version.
 *
 * @param runId tells one server process from another; empty if unknown
 * @param history tells one stream of writes from another: a server that was a replica for a moment has another one
 * @param plainClaim whether it knows {@code SET} with {@code NX} and {@code GET} together (7.0 and newer)
 */
record ServerInfo(String runId, String history, boolean clustered, boolean replica, boolean plainClaim) {

    static final ServerInfo UNKNOWN = new ServerInfo("", "", false, false, true);

    /** The oldest version that the tests run on. */
    private static final int OLDEST_MAJOR = 6;

    private static final int OLDEST_MINOR = 2;
    private static final int PLAIN_CLAIM_SINCE = 7;

    /**
     * Reads the answers to {@code INFO server} and {@code INFO replication}.
     *
     * @throws RedisCommandExecutionException if the server is too old
     */
    static ServerInfo parse(@Nullable String server, @Nullable String replication) {
        Map<String, String> fields = fields(String.valueOf(server) + "\n" + replication);
        String[] version = fields.getOrDefault("redis_version", "").split("\\.", 3);
        int major = number(version[0]);
        int minor = version.length < 2 ? 0 : number(version[1]);
        if (major >= 0 && (major < OLDEST_MAJOR || (major == OLDEST_MAJOR && minor < OLDEST_MINOR))) {
            throw new RedisCommandExecutionException("this is Redis " + fields.get("redis_version") + ", and version "
                    + OLDEST_MAJOR + "." + OLDEST_MINOR + " or newer is needed");
        }
        String mode = fields.getOrDefault("server_mode", ""); // as Valkey calls it
        return new ServerInfo(
                fields.getOrDefault("run_id", ""),
                fields.getOrDefault("master_replid", ""),
                "cluster".equals(fields.getOrDefault("redis_mode", mode)),
                "slave".equals(fields.get("role")),
                major < 0 || major >= PLAIN_CLAIM_SINCE);
    }

    /** Tells whether all is there that it was told; empty if unknown. */
    String identity() {
        return runId.isEmpty() ? "" : runId + ' ' + history;
    }

    /** What an answer to {@code INFO replication} says. */
    static boolean isReplica(String replication) {
        return "slave".equals(fields(replication).get("role"));
    }

    /**
     * Whether it says that the server was a replica since it had that history. Its history is another one too when its
     * first replica comes, and an hour after its last one went; but only one that was a replica has a second one.
     */
    static boolean wasReplicaSince(String history, String replication) {
        Map<String, String> fields = fields(replication);
        String now = fields.getOrDefault("master_replid", history);
        String second = fields.getOrDefault("master_replid2", "");
        return !history.isEmpty() && !now.equals(history) && second.chars().anyMatch(digit -> digit != '0');
    }

    private static Map<String, String> fields(String info) {
        Map<String, String> fields = new HashMap<>();
        info.lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0) {
                fields.put(line.substring(0, colon), line.substring(colon + 1).trim());
            }
        });
        return fields;
    }

    private static int number(String text) {
        return text.matches("\\d{1,6}") ? Integer.parseInt(text) : -1;
    }
}
