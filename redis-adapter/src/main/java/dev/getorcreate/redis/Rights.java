package dev.getorcreate.redis;

import dev.getorcreate.SharedStoreUnavailableException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Whether the server's user may do what a cache needs: asked when a cache is opened, so that a missing right is an error
 * at the start, and not a cache that silently never works.
 */
final class Rights {

    private static final System.Logger LOG = System.getLogger("dev.getorcreate.redis");

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
                throw new IllegalArgumentException("the user of " + link.where() + " may not run "
                        + String.join(", ", missing) + " on keys like " + namespace.escaped()
                        + ":*; SECURITY.md names the rights that a cache needs");
            }
        }
    }

    private static List<String> missing(Namespace namespace, Link link) {
        Reply<List<Object>> asked =
                Reply.rights(namespace.generationKey(), link.server().clustered());
        try {
            link.requireAnswering();
            link.send(asked);
            List<Object> named = link.await(asked);
            return named == null ? List.of() : names(named);
        } catch (SharedStoreUnavailableException e) {
            if (e.getCause() != null
                    && String.valueOf(e.getCause().getMessage()).startsWith("NOPERM")) {
                return new ArrayList<>(List.of("EVAL"));
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
