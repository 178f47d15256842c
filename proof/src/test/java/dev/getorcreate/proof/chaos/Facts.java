package dev.getorcreate.proof.chaos;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;

/**
 * What a checker must know of how a run was set up.
 *
 * @param arbiter whether a unique constraint decides
 * @param maxStaleness the caches' setting
 * @param aftermath for how long a fault may still be felt when it is over: a claim has run out, a reconnect is done
 * @param longestCall what a call may take, not counting what was done to its process meanwhile
 */
record Facts(
        long seed, String topology, boolean arbiter, Duration maxStaleness, Duration aftermath, Duration longestCall) {

    static final String FILE = "run.properties";

    void write(Path folder) throws IOException {
        Properties all = new Properties();
        all.setProperty("seed", Long.toString(seed));
        all.setProperty("topology", topology);
        all.setProperty("arbiter", Boolean.toString(arbiter));
        all.setProperty("maxStaleness", maxStaleness.toString());
        all.setProperty("aftermath", aftermath.toString());
        all.setProperty("longestCall", longestCall.toString());
        try (Writer out = Files.newBufferedWriter(folder.resolve(FILE))) {
            all.store(out, null);
        }
    }

    static Facts read(Path folder) throws IOException {
        Properties all = new Properties();
        try (Reader in = Files.newBufferedReader(folder.resolve(FILE))) {
            all.load(in);
        }
        return new Facts(
                Long.parseLong(all.getProperty("seed")),
                all.getProperty("topology"),
                Boolean.parseBoolean(all.getProperty("arbiter")),
                Duration.parse(all.getProperty("maxStaleness")),
                Duration.parse(all.getProperty("aftermath")),
                // Histories that were kept before calls were timed do not say it.
                Duration.parse(
                        all.getProperty("longestCall", Patience.longestCall().toString())));
    }
}
