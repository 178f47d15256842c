package dev.getorcreate.proof.processes;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import javax.sql.DataSource;

/** A pool as applications have one: HikariCP, with few connections and a bounded wait. */
public final class SmallPool {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private SmallPool() {}

    /** So many connections of the source. It lives as long as this JVM. */
    public static DataSource of(DataSource source, int connections) {
        // Idle ones are not tried before they are lent: a test cuts one that is known to be in use.
        System.setProperty("com.zaxxer.hikari.aliveBypassWindowMs", "600000");
        HikariConfig config = new HikariConfig();
        config.setDataSource(source);
        config.setMaximumPoolSize(connections);
        config.setConnectionTimeout(PATIENCE.toMillis());
        return new HikariDataSource(config);
    }
}
