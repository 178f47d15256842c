package dev.getorcreate.testkit;

import dev.getorcreate.spi.SharedStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

class InMemorySharedStoreTest extends SharedStoreContract {

    @Override
    protected SharedStoreHarness newHarness() {
        return new Harness();
    }

    private static final class Harness implements SharedStoreHarness {

        private final InMemoryRedis server = new InMemoryRedis();
        private final List<InMemorySharedStore> processes = new CopyOnWriteArrayList<>();

        @Override
        public SharedStore newProcess(Duration maxStaleness) {
            InMemorySharedStore process = new InMemorySharedStore(server, maxStaleness, Duration.ofSeconds(2));
            process.maxPayload(maxPayload());
            processes.add(process);
            return process;
        }

        @Override
        public int maxPayload() {
            return 200_000;
        }

        @Override
        public void kill(SharedStore process) {
            ((InMemorySharedStore) process).close();
        }

        @Override
        public void flushAll() {
            server.flushAll();
        }

        @Override
        public void plant(String cache, byte[] key, byte[] bytes) {
            server.put(cache, key, bytes);
        }

        @Override
        public void plantForeignType(String cache, byte[] key) {
            server.putForeignType(cache, key);
        }

        @Override
        public boolean cut(SharedStore process) {
            ((InMemorySharedStore) process).faults().loseConnection();
            return true;
        }

        @Override
        public boolean unreachable(SharedStore process, boolean away) {
            ((InMemorySharedStore) process).faults().unreachable(away);
            return true;
        }

        @Override
        public boolean dropPushes(SharedStore process, boolean drop) {
            ((InMemorySharedStore) process).faults().dropPushes(drop);
            return true;
        }

        @Override
        public boolean hold(SharedStore process, boolean on) {
            WireFaults faults = ((InMemorySharedStore) process).faults();
            if (on) {
                faults.hold();
            } else {
                faults.release();
            }
            return true;
        }

        @Override
        public long reads() {
            return server.reads();
        }

        @Override
        public void close() {
            processes.forEach(InMemorySharedStore::close);
        }
    }
}
