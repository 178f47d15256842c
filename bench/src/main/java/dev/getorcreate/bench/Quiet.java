package dev.getorcreate.bench;

import java.util.logging.Level;
import java.util.logging.Logger;

/** What a fault that is made on purpose has the library and Lettuce say is no news here. */
final class Quiet {

    /** Held, since the log manager alone would forget it, and its level. */
    private static final Logger ROOT = Logger.getLogger("");

    private Quiet() {}

    /** From now on only what is severe is logged in this process. */
    static void logs() {
        ROOT.setLevel(Level.SEVERE);
    }
}
