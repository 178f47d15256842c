package dev.getorcreate.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;

/**
 * The programs that a server of our own can run. Two are carried by jars. The others are looked for in the folder that
 * the environment variable {@value #FOLDER_VARIABLE} or the system property {@value #FOLDER_PROPERTY} names, as
 * {@code <folder>/<name>/redis-server}; this project's {@code .ci/servers} puts them there.
 * All of them are built with TLS.
 */
public enum RedisProgram {
    /** Redis 6.2, without {@code SET ... NX GET}; from a jar, {@code com.github.codemonstur:embedded-redis:1.4.3}. */
    REDIS_6_2("redis-6.2"),
    /** Redis 7.0, the usual one; from a jar, {@code org.signal:embedded-redis:0.9.1}. */
    REDIS_7_0("redis-7.0"),
    /** Redis 8.0. */
    REDIS_8_0("redis-8.0"),
    /** Valkey 8.1, the first with {@code SET ... IFEQ}. */
    VALKEY_8_1("valkey-8.1"),
    /** The newest Valkey that is packaged. */
    VALKEY_NEWEST("valkey-newest");

    /** Names the folder of the programs that no jar carries. */
    public static final String FOLDER_VARIABLE = FetchedProgram.FOLDER_VARIABLE;

    /** As {@link #FOLDER_VARIABLE}, which goes first. */
    public static final String FOLDER_PROPERTY = FetchedProgram.FOLDER_PROPERTY;

    private final String folderName;

    RedisProgram(String folderName) {
        this.folderName = folderName;
    }

    /** As its folder is called. */
    @Override
    public String toString() {
        return folderName;
    }

    /**
     * Where the program is; a carried one is put into the folder first.
     *
     * @throws Servers.Unavailable if it cannot be had
     */
    Path provide(Path folder) {
        return switch (this) {
            case REDIS_6_2 -> unpack(resourceOf62(), "com.github.codemonstur:embedded-redis:1.4.3", folder);
            case REDIS_7_0 ->
                unpack("redis-server-7.0.15-" + os() + "-" + architecture(), "org.signal:embedded-redis:0.9.1", folder);
            default -> FetchedProgram.find(folderName, "redis-server");
        };
    }

    private static String resourceOf62() {
        String machine = os() + "-" + architecture();
        // The carrier's names, not the server's version.
        return "redis-server-" + (machine.equals("linux-arm64") ? "6.2.7-" : "6.2.6-v5-") + machine;
    }

    private static Path unpack(String resource, String artifact, Path folder) {
        try (InputStream carried = RedisProgram.class.getClassLoader().getResourceAsStream(resource)) {
            if (carried == null) {
                throw new Servers.Unavailable("no '" + resource + "' on the class path. Add " + artifact
                        + " in test scope, or name a running server in " + RedisServer.URL_VARIABLE);
            }
            Path program = folder.resolve("redis-server");
            Files.copy(carried, program);
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
            return program;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack the Redis server", e);
        }
    }

    private static String os() {
        String name = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        return name.contains("mac") ? "darwin" : name.contains("linux") ? "linux" : name.replace(' ', '-');
    }

    private static String architecture() {
        String name = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        return name.equals("aarch64") ? "arm64" : name.equals("x86_64") ? "amd64" : name;
    }
}
