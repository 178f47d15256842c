package dev.getorcreate.proof.interleavings;

import dev.getorcreate.Arbiter;
import dev.getorcreate.Ruling;
import dev.getorcreate.spi.Transactions;
import dev.getorcreate.testkit.InMemoryArbiter;
import dev.getorcreate.testkit.interleavings.SteppedProcess;
import dev.getorcreate.testkit.interleavings.Steps;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A table with one key in a database with transactions: nobody else sees what is not committed, and whoever inserts the
 * same key waits for its end. Each statement is a step, and so are commit and rollback. A process that dies rolls back.
 */
final class TransactedTable implements Arbiter<String, String>, Transactions {

    private static final String TABLE = "table " + World.KEY;

    private final InMemoryArbiter<String, String> committed;
    /** Guard: one caller acts at a time, as for all below. */
    private final Map<Thread, Transaction> current = new HashMap<>();
    /** Whose row is not committed yet. */
    private @Nullable Transaction writer;

    private boolean tellsTooEarly;

    private static final class Transaction {
        final SteppedProcess process;
        final Map<Object, Hearer> hearers = new LinkedHashMap<>();

        @Nullable
        String row;

        boolean over;

        Transaction(SteppedProcess process) {
            this.process = process;
        }
    }

    TransactedTable(InMemoryArbiter<String, String> committed) {
        this.committed = committed;
    }

    /** Broken: the hearers are told of a commit before there is one. */
    void tellTooEarly() {
        tellsTooEarly = true;
    }

    /** Runs the work in a transaction of this process, which is then committed or rolled back. */
    <T> T run(SteppedProcess process, Completion end, Supplier<T> work) {
        Transaction mine = new Transaction(process);
        current.put(Thread.currentThread(), mine);
        try {
            T answer = work.get();
            if (tellsTooEarly) {
                tell(mine, Completion.COMMITTED);
            }
            Steps.writes(TABLE, end == Completion.COMMITTED ? "commit" : "roll back", () -> ended(mine, end));
            if (!tellsTooEarly) {
                tell(mine, end);
            }
            return answer;
        } finally {
            current.remove(Thread.currentThread());
        }
    }

    private Completion ended(Transaction mine, Completion end) {
        if (mine.row != null && end == Completion.COMMITTED) {
            committed.put(World.KEY, mine.row);
        }
        mine.row = null;
        if (writer == mine) {
            writer = null;
        }
        return end;
    }

    private static void tell(Transaction mine, Completion how) {
        mine.over = true;
        mine.hearers.values().forEach(hearer -> hearer.completed(how));
    }

    /** What everybody can see. */
    @Nullable
    String row() {
        return Steps.reads(TABLE, "look at the row", () -> committed.rows().get(World.KEY));
    }

    private @Nullable Transaction mine() {
        return current.get(Thread.currentThread());
    }

    @Override
    public boolean isActive() {
        Transaction mine = mine();
        return mine != null && !mine.over;
    }

    @Override
    public Hearer hearer(Object owner, Supplier<Hearer> first) {
        Transaction mine = mine();
        if (mine == null || mine.over) {
            throw new IllegalStateException("no transaction");
        }
        return mine.hearers.computeIfAbsent(owner, unused -> first.get());
    }

    @Override
    public Transactions transactions() {
        return this;
    }

    @Override
    public Optional<String> find(String key) {
        return find(key, null);
    }

    @Override
    public Ruling<String> insert(String key, String candidate) {
        return insert(key, candidate, null);
    }

    @Override
    public Arbiter<String, String> joined() {
        Transaction mine = mine();
        return new Arbiter<>() {
            @Override
            public Optional<String> find(String key) {
                return TransactedTable.this.find(key, mine);
            }

            @Override
            public Ruling<String> insert(String key, String candidate) {
                return TransactedTable.this.insert(key, candidate, mine);
            }
        };
    }

    private Optional<String> find(String key, @Nullable Transaction in) {
        return Steps.reads(
                TABLE, "find " + key, () -> in != null && in.row != null ? Optional.of(in.row) : committed.find(key));
    }

    private Ruling<String> insert(String key, String candidate, @Nullable Transaction in) {
        Steps.waits(TABLE, "insert " + key, () -> holder() == null || holder() == in);
        Steps.touches(TABLE, true);
        Optional<String> there = in != null && in.row != null ? Optional.of(in.row) : committed.find(key);
        if (there.isPresent()) {
            return Ruling.adopted(there.get());
        }
        if (in == null) {
            return committed.insert(key, candidate);
        }
        in.row = candidate;
        writer = in;
        return Ruling.created(candidate);
    }

    private @Nullable Transaction holder() {
        Transaction holder = writer;
        if (holder == null) {
            return null;
        }
        Steps.touches("process " + holder.process.name(), false);
        return holder.process.hasCrashed() ? null : holder;
    }
}
