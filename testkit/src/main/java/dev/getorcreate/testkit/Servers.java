package dev.getorcreate.testkit;

import java.util.function.Supplier;
import org.junit.jupiter.api.Assumptions;

/**
 * The one place that says what becomes of a test whose server cannot be had: it is skipped and says why; with the system
 * property {@code servers=required} it fails, so that a build machine cannot go green by running nothing.
 */
public final class Servers {

    private Servers() {}

    /**
     * What the supplier gives. Only {@link Unavailable} counts as 'cannot be had'; a server that was found and does not
     * work is an error of its own and passes through.
     *
     * @param what for the message, for instance "Redis"
     */
    public static <T> T need(String what, Supplier<T> server) {
        try {
            return server.get();
        } catch (Unavailable e) {
            String message = "no " + what + " can be had: " + e.getMessage();
            if ("required".equals(System.getProperty("servers"))) {
                throw new AssertionError(message + " (-Dservers=required forbids to skip)", e);
            }
            return Assumptions.abort(message);
        }
    }

    /** No server of that kind can be had on this machine; the message says what was looked for. */
    public static final class Unavailable extends RuntimeException {

        private static final long serialVersionUID = 1L;

        /** The message says what was looked for and what would help. */
        public Unavailable(String message) {
            super(message);
        }
    }
}
