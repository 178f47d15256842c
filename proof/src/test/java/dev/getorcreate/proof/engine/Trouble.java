package dev.getorcreate.proof.engine;

import dev.getorcreate.testkit.RedisServer;
import dev.getorcreate.testkit.TcpProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** What can be wrong with a Redis that callers were connected to a moment ago, and how it is made and mended. */
enum Trouble {
    /** Its memory is full, and nothing may be evicted. */
    OOM("OOM") {
        @Override
        void begin(RedisServer redis, TcpProxy way) {
            redis.command("CONFIG", "SET", "maxmemory", "1");
        }

        @Override
        void end(RedisServer redis, TcpProxy way) {
            redis.command("CONFIG", "SET", "maxmemory", "0");
        }
    },
    /** It became a replica, of an upstream that is nowhere. */
    READONLY("READONLY|replica") {
        @Override
        void begin(RedisServer redis, TcpProxy way) {
            redis.command("REPLICAOF", "127.0.0.1", "1");
        }

        @Override
        void end(RedisServer redis, TcpProxy way) {
            redis.command("REPLICAOF", "NO", "ONE");
        }
    },
    /** It could not save, and refuses writes until it can. */
    MISCONF("MISCONF") {
        @Override
        void begin(RedisServer redis, TcpProxy way) {
            create(inTheWay(redis));
            redis.command("CONFIG", "SET", "save", "3600 1");
            redis.command("SET", "filler", "x");
            saved(redis, "err");
        }

        @Override
        void end(RedisServer redis, TcpProxy way) {
            delete(inTheWay(redis));
            saved(redis, "ok");
        }
    },
    /** It reads its data from the disk. */
    LOADING("LOADING|" + Constants.SILENCE) {
        @Override
        void begin(RedisServer redis, TcpProxy way) {
            // It answers, that it is loading, after each key that is larger than the interval.
            redis.command("CONFIG", "SET", "loading-process-events-interval-bytes", "1024");
            redis.command("CONFIG", "SET", "rdbcompression", "no");
            redis.command("DEBUG", "POPULATE", "10000", "filler", "2000");
            redis.command("CONFIG", "SET", "key-load-delay", "10000");
            tell(redis, "DEBUG RELOAD");
            Awaitility.await().until(() -> isLoading(redis));
        }

        @Override
        void end(RedisServer redis, TcpProxy way) {
            redis.command("CONFIG", "SET", "key-load-delay", "0");
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> !isLoading(redis));
        }
    },
    /** Its user was removed, which ends that user's connections. */
    WRONGPASS("WRONGPASS|the connection was closed|lost the connection|Connection closed") {
        @Override
        void begin(RedisServer redis, TcpProxy way) {
            redis.command("ACL", "DELUSER", USER);
        }

        @Override
        void end(RedisServer redis, TcpProxy way) {
            allow(redis);
        }
    },
    /** It asks for a password from now on, which connections made later do not give. */
    NOAUTH("NOAUTH|the connection was closed|lost the connection|Connection closed") {
        @Override
        String user() {
            return "";
        }

        @Override
        void begin(RedisServer redis, TcpProxy way) {
            redis.command("CONFIG", "SET", "requirepass", "secret");
            way.cut();
        }

        @Override
        void end(RedisServer redis, TcpProxy way) {
            redis.command("CONFIG", "SET", "requirepass", "");
        }
    },
    /** Its user may not read any more. */
    NOPERM("NOPERM") {
        @Override
        void begin(RedisServer redis, TcpProxy way) {
            redis.command("ACL", "SETUSER", USER, "-get", "-getrange");
        }

        @Override
        void end(RedisServer redis, TcpProxy way) {
            allow(redis);
        }
    },
    /** Its user may not write any more. */
    NOPERM_TO_WRITE("NOPERM") {
        @Override
        void begin(RedisServer redis, TcpProxy way) {
            redis.command("ACL", "SETUSER", USER, "-@write", "-eval", "-evalsha");
        }

        @Override
        void end(RedisServer redis, TcpProxy way) {
            allow(redis);
        }
    },
    /** Its process is stopped: connections stay open, nothing is answered. */
    FROZEN(Constants.SILENCE) {
        @Override
        void begin(RedisServer redis, TcpProxy way) {
            redis.freeze();
        }

        @Override
        void end(RedisServer redis, TcpProxy way) {
            redis.thaw();
        }
    },
    PAUSED(Constants.SILENCE) {
        @Override
        void begin(RedisServer redis, TcpProxy way) {
            redis.command("CLIENT", "PAUSE", "3000", "ALL");
        }

        @Override
        void end(RedisServer redis, TcpProxy way) {
            // By itself.
        }
    },
    WRITES_PAUSED(Constants.SILENCE) {
        @Override
        void begin(RedisServer redis, TcpProxy way) {
            redis.command("CLIENT", "PAUSE", "60000", "WRITE");
        }

        @Override
        void end(RedisServer redis, TcpProxy way) {
            redis.command("CLIENT", "UNPAUSE");
        }
    },
    /** The network swallows everything, silently. */
    BLACK_HOLE(Constants.SILENCE) {
        @Override
        void begin(RedisServer redis, TcpProxy way) {
            way.blackHole(true);
        }

        @Override
        void end(RedisServer redis, TcpProxy way) {
            way.blackHole(false);
            way.cut(); // what was swallowed does not come back
        }
    },
    REFUSED("not connected|lost the connection") {
        @Override
        void begin(RedisServer redis, TcpProxy way) {
            way.refuse(true);
            way.cut();
        }

        @Override
        void end(RedisServer redis, TcpProxy way) {
            way.refuse(false);
        }
    },
    /** It has all the clients that it takes. */
    MAXCLIENTS("max number of clients|" + Constants.SILENCE) {
        @Override
        void begin(RedisServer redis, TcpProxy way) {
            redis.command("CONFIG", "SET", "maxclients", "1");
            redis.command("CLIENT", "KILL", "TYPE", "normal");
        }

        @Override
        void end(RedisServer redis, TcpProxy way) {
            redis.command("CONFIG", "SET", "maxclients", "1000");
        }
    },
    /** Replicas that must confirm writes are away. */
    NOREPLICAS("NOREPLICAS") {
        @Override
        void begin(RedisServer redis, TcpProxy way) {
            redis.command("CONFIG", "SET", "min-replicas-to-write", "1");
        }

        @Override
        void end(RedisServer redis, TcpProxy way) {
            redis.command("CONFIG", "SET", "min-replicas-to-write", "0");
        }
    };

    static final String USER = "cache";

    /** What an error without an arbiter says, in its message or in those of its causes. */
    final Pattern says;

    Trouble(String says) {
        this.says = Pattern.compile(says);
    }

    /** Whom callers are to Redis, in a URI. */
    String user() {
        return USER + ":secret@";
    }

    abstract void begin(RedisServer redis, TcpProxy way);

    abstract void end(RedisServer redis, TcpProxy way);

    /** A user with all rights, that a trouble may take away. */
    static void allow(RedisServer redis) {
        redis.command("ACL", "SETUSER", USER, "on", ">secret", "~*", "&*", "+@all");
    }

    private static final class Constants {
        static final String SILENCE =
                "did not answer within|stopped answering|not connected|lost the connection|Connection closed";
    }

    /** A folder where the server would put its file. */
    private static Path inTheWay(RedisServer redis) {
        List<?> dir = (List<?>) Objects.requireNonNull(redis.command("CONFIG", "GET", "dir"));
        return Path.of(String.valueOf(dir.get(1)), "dump.rdb", "in-the-way");
    }

    /** Over a connection of its own, which waits for no answer. */
    private static void tell(RedisServer redis, String command) {
        try (Socket socket = new Socket("127.0.0.1", redis.port())) {
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isLoading(RedisServer redis) {
        return String.valueOf(redis.command("INFO", "persistence")).contains("\nloading:1");
    }

    private static void create(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try {
            Files.delete(folder);
            Files.delete(Objects.requireNonNull(folder.getParent()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void saved(RedisServer redis, String status) {
        redis.command("BGSAVE");
        Awaitility.await().until(() -> String.valueOf(redis.command("INFO", "persistence"))
                .contains("rdb_last_bgsave_status:" + status));
    }
}
