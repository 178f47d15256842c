package dev.getorcreate.bench;

import dev.getorcreate.testkit.ChildJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** One process of the stampede. Its threads ask for each key at the same agreed moment. */
final class StampedeProcess {

    /** Longer than a run: nothing of a warm-up expires in a turn that counts. */
    static final Duration TIME_TO_LIVE = Duration.ofHours(12);

    /** Before the moment until which nothing is asked. */
    static final String REST = "rest ";

    private StampedeProcess() {}

    /**
     * Arguments: contender, Redis URI, file of the moments, number of processes. Then lines, each a {@link StampedeOrder},
     * that are answered by a {@link StampedePart}, or {@link #REST}.
     */
    public static void main(String[] args) throws InterruptedException {
        Quiet.logs();
        BlockingQueue<String> lines = ChildJvm.endWithParent();
        StampedeMoments moments = new StampedeMoments(Path.of(args[2]), Integer.parseInt(args[3]));
        // For good, as the threads of an application: fresh ones would be what is measured.
        ExecutorService askers =
                new ThreadPoolExecutor(0, Integer.MAX_VALUE, 1, TimeUnit.HOURS, new SynchronousQueue<>());
        try (Contender contender = Contender.named(args[0], args[1], TIME_TO_LIVE)) {
            System.out.println("ready");
            while (true) {
                String line = lines.take();
                if (line.equals("end")) {
                    return;
                }
                if (line.startsWith(REST)) {
                    System.out.println(rest(Long.parseLong(line.substring(REST.length()))));
                    continue;
                }
                StampedeCallers callers = new StampedeCallers(contender, moments, StampedeOrder.of(line));
                System.out.println(callers.ask(askers).line());
            }
        } finally {
            askers.shutdownNow();
        }
    }

    /** {@code round} and what this process uses by itself until then. */
    private static String rest(long until) {
        ThreadTimes before = ThreadTimes.now();
        StampedeMoments.await(until);
        return "round " + ThreadTimes.line(ThreadTimes.now().since(before));
    }
}
