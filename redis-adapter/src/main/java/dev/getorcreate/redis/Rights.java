package dev.getorcreate.redis;

import dev.getorcreate.SharedStoreUnavailableException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether the server's user may do what a cache needs: asked when a cache is opened, so that a missing right is an error
 * at the start, and not a cache that silently never works.
 */
final class Rights {

    private static final System.Logger LOG = System.getLogger("dev.getorcreate.redis");

    /** The question itself is a script. */
    private static final List<String> EVAL = List.of("EVAL");

    /** As SECURITY.md has them. */
    static final String COMMANDS =
            "+ping +client|tracking +get +set +del +getrange +type +pexpire +pttl +eval +evalsha";

    static final String CLUSTER_COMMANDS = " +cluster|slots +cluster|info +asking";

    private Rights() {}

    /**
     * Asks over each of these connections. A server that does not answer, or is too old to say, is taken to permit all.
     *
     * @throws IllegalArgumentException if rights are missing; it names them
     */
    static void require(Namespace namespace, List<Link> links) {
        for (Link link : links) {
            List<String> missing = missing(namespace, link);
            if (!missing.isEmpty()) {
                throw new IllegalArgumentException(message(namespace, link, missing));
            }
        }
    }

    private static String message(Namespace namespace, Link link, List<String> missing) {
        return "the user of " + link.where() + " may not run " + String.join(", ", missing) + " on keys like "
                + namespace.escaped() + ":*; a cache needs (SECURITY.md): resetchannels ~" + namespace.escaped() + ":* "
                + COMMANDS + (link.server().clustered() ? CLUSTER_COMMANDS : "");
    }

    /** As {@link #require}, for a connection that is made later: a warning, and nobody waits. */
    static void warn(Namespace namespace, Link link) {
        Reply<List<Object>> asked = ask(namespace, link);
        link.send(asked);
        var unused = asked.whenComplete((named, error) -> {
            List<String> missing = error == null ? names(named) : isForbidden(error) ? EVAL : List.of();
            if (!missing.isEmpty()) {
                LOG.log(System.Logger.Level.WARNING, message(namespace, link, missing));
            }
        });
    }

    private static Reply<List<Object>> ask(Namespace namespace, Link link) {
        return Reply.rights(namespace.generationKey(), link.server().clustered());
    }

    private static boolean isForbidden(@Nullable Throwable error) {
        return error != null && String.valueOf(error.getMessage()).startsWith("NOPERM");
    }

    private static List<String> missing(Namespace namespace, Link link) {
        Reply<List<Object>> asked = ask(namespace, link);
        try {
            link.requireAnswering();
            link.send(asked);
            List<Object> named = link.await(asked);
            return named == null ? List.of() : names(named);
        } catch (SharedStoreUnavailableException e) {
            if (isForbidden(e.getCause())) {
                return EVAL;
            }
            LOG.log(System.Logger.Level.DEBUG, "the user's rights could not be asked for", e);
            return List.of();
        }
    }

    private static List<String> names(List<Object> named) {
        return named.stream()
                .map(name -> name instanceof byte[] bytes ? new String(bytes, StandardCharsets.US_ASCII) : "" + name)
                .collect(Collectors.toList());
    }
}
