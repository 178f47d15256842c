package dev.getorcreate.proof.engine;

import dev.getorcreate.Arbiter;
import dev.getorcreate.Ruling;
import dev.getorcreate.spi.Transactions;
import dev.getorcreate.testkit.InMemoryArbiter;
import java.util.Optional;
import java.util.function.Supplier;

/** Its callers might be in transactions. */
final class NeverInTransactions implements Arbiter<String, String> {

    private final InMemoryArbiter<String, String> table = new InMemoryArbiter<>();

    @Override
    public Optional<String> find(String key) {
        return table.find(key);
    }

    @Override
    public Ruling<String> insert(String key, String candidate) {
        return table.insert(key, candidate);
    }

    @Override
    public Transactions transactions() {
        return new Transactions() {
            @Override
            public boolean isActive() {
                return false;
            }

            @Override
            public Hearer hearer(Object owner, Supplier<Hearer> first) {
                throw new IllegalStateException();
            }
        };
    }
}
