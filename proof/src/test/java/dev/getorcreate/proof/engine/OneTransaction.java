package dev.getorcreate.proof.engine;

import dev.getorcreate.Arbiter;
import dev.getorcreate.spi.Transactions;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The one transaction of a test, that every thread is in until the test ends it. For one cache. */
final class OneTransaction implements Transactions {

    /** Guard: this. */
    private @Nullable Hearer hearer;

    private volatile boolean active = true;

    /** What it reads and writes is the table's. */
    Arbiter<String, String> joinedBy(Arbiter<String, String> table) {
        return new RelayedArbiter(table) {
            @Override
            public Transactions transactions() {
                return OneTransaction.this;
            }
        };
    }

    void end(Completion how) {
        active = false;
        Hearer told;
        synchronized (this) {
            told = Objects.requireNonNull(hearer, "a cache that was called in it");
        }
        told.completed(how);
    }

    @Override
    public boolean isActive() {
        return active;
    }

    @Override
    public synchronized Hearer hearer(Object owner, Supplier<Hearer> first) {
        Hearer mine = hearer;
        if (mine == null) {
            mine = first.get();
            hearer = mine;
        }
        return mine;
    }
}
