package dev.getorcreate.proof.chaos;

import dev.getorcreate.Arbiter;
import dev.getorcreate.Ruling;
import dev.getorcreate.jdbc.JdbcArbiter;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;

/** Writes down what the arbiter is asked and answers. */
final class RecordedArbiter implements Arbiter<String, String> {

    /** Longer than a process is ever stopped. */
    static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(15);

    private final Arbiter<String, String> arbiter;
    private final Calls calls;

    RecordedArbiter(DataSource pool, Calls calls) {
        this.calls = calls;
        this.arbiter = JdbcArbiter.<String, String>on(pool)
                .table(Records.TABLE)
                .key("key", key -> key)
                .columns((row, key, value) -> row.set("identity", Calls.identityOf(value)))
                .mapper(row -> Records.value(row).toString())
                .statementTimeout(STATEMENT_TIMEOUT)
                .build();
    }

    @Override
    public Optional<String> find(String key) {
        Optional<String> row = arbiter.find(key);
        calls.write(Event.Kind.READ, key, row.orElse("-"));
        return row;
    }

    @Override
    public Ruling<String> insert(String key, String candidate) {
        calls.write(Event.Kind.INSERTING, key, Calls.identityOf(candidate));
        Ruling<String> ruling = arbiter.insert(key, candidate);
        calls.write(Event.Kind.INSERTED, key, ruling.verdict() + " " + ruling.winner());
        return ruling;
    }
}
