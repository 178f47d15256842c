package dev.getorcreate.testkit.interleavings;

import java.util.ArrayList;
import java.util.List;

/** The threads of one exploration. Used by the exploring thread, or by whoever holds the baton. */
final class Workers implements AutoCloseable {

    private final List<Worker> all = new ArrayList<>();

    Worker idle() {
        for (Worker worker : all) {
            if (!worker.isBusy()) {
                return worker;
            }
        }
        Worker worker = new Worker(all.size() + 1);
        all.add(worker);
        worker.start();
        return worker;
    }

    @Override
    public void close() {
        all.forEach(Worker::end);
    }
}
