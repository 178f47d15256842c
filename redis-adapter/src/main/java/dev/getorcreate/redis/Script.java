package dev.getorcreate.redis;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The compare-and-act steps. Each touches one key, so that a cluster needs no hash tags. */
enum Script {
    /** KEYS key; ARGV stamp of the claim, record or failure mark, ttl in ms. 1 if the claim was still ours. */
    PUBLISH("if redis.call('GETRANGE', KEYS[1], 0, #ARGV[1] - 1) == ARGV[1] then"
            + " redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) return 1 end return 0"),

    /** KEYS key; ARGV stamp of the claim, lease in ms. 1 if the claim was still ours. */
    RENEW("if redis.call('GETRANGE', KEYS[1], 0, #ARGV[1] - 1) == ARGV[1] then"
            + " return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0"),

    /** KEYS key; ARGV stamp of the claim. 1 if the claim was still ours. */
    RELEASE("if redis.call('GETRANGE', KEYS[1], 0, #ARGV[1] - 1) == ARGV[1] then"
            + " return redis.call('DEL', KEYS[1]) end return 0"),

    /** KEYS key; ARGV value, and maybe PX, life in ms. Nil if it was set, else what stands there. */
    SET_IF_ABSENT("local there = redis.call('GET', KEYS[1]) if there then return there end"
            + " redis.call('SET', KEYS[1], unpack(ARGV)) return false"),

    /** KEYS key; ARGV claim, lease in ms, the bytes seen (empty: another type). Nil if the claim was set. */
    REPLACE("local kind = redis.call('TYPE', KEYS[1]).ok"
            + " if kind == 'string' then"
            + " local there = redis.call('GET', KEYS[1])"
            + " if there ~= ARGV[3] then return there end"
            + " elseif kind ~= 'none' then"
            + " if ARGV[3] ~= '' then return '' end"
            + " redis.call('DEL', KEYS[1]) end"
            + " redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) return false"),

    /**
     * ARGV a key, 1 on a cluster. The names of the commands that this user may not run on the key. It touches none, so
     * that every node can be asked; servers before 7.0 cannot say.
     */
    RIGHTS("local missing = {} if not redis.acl_check_cmd then return missing end local key = ARGV[1]"
            + " local function need(name, ...)"
            + " if not redis.acl_check_cmd(name, ...) then missing[#missing + 1] = name end end"
            + " need('PING') need('GET', key) need('SET', key, 'v', 'NX', 'GET') need('DEL', key)"
            + " need('GETRANGE', key, '0', '-1') need('TYPE', key) need('PEXPIRE', key, '1') need('PTTL', key)"
            + " need('EVAL', 'return 0', '1', key) need('EVALSHA', '0', '1', key)"
            + " if ARGV[2] == '1' then need('ASKING') need('CLUSTER', 'INFO') need('CLUSTER', 'SLOTS') end"
            + " return missing");

    private final String text;
    private final String sha;

    Script(String text) {
        this.text = text;
        this.sha = sha1(text);
    }

    String text() {
        return text;
    }

    String sha() {
        return sha;
    }

    private static String sha1(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-1", e);
        }
    }
}
