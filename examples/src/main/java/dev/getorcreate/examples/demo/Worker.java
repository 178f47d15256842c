package dev.getorcreate.examples.demo;

import dev.getorcreate.testkit.ChildJvm;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * One process of the traffic. It is told what to do over standard input and answers over standard output, a line each;
 * when standard input ends, so does it, whatever it is doing.
 */
public final class Worker {

    /** Keys that begin so are asked for before the traffic begins, and are part of no figure. */
    static final String WARM_UP = "warm-up-";

    // To the worker.
    static final String JOB = "JOB ";
    static final String GO = "GO ";
    static final String HOLD = "HOLD";
    static final String BYE = "BYE";

    // From the worker.
    static final String READY = "READY ";
    static final String INSIDE = "INSIDE ";
    static final String TICK = "TICK ";
    static final String DONE = "DONE ";

    private @Nullable OrderCreator creator;
    private @Nullable Subject subject;
    private @Nullable Traffic traffic;

    private Worker() {}

    @SuppressWarnings("CatchAndPrintStackTrace") // standard error is this process's log
    public static void main(String[] args) {
        int status = 1;
        try {
            new Worker().serve(ChildJvm.endWithParent());
            status = 0;
        } catch (Exception e) {
            e.printStackTrace();
        } finally {
            // Not exit: it would wait for hooks of clients whose servers may be gone already.
            Runtime.getRuntime().halt(status);
        }
    }

    private void serve(BlockingQueue<String> orders) throws Exception {
        while (true) {
            String order = orders.take();
            if (order.startsWith(JOB)) {
                prepare(Job.fromLine(order.substring(JOB.length())));
            } else if (order.startsWith(GO) && traffic != null) {
                traffic.start(Long.parseLong(order.substring(GO.length())), this::tick, this::done);
            } else if (order.equals(HOLD) && creator != null) {
                creator.holdNext();
            } else if (order.equals(BYE) && subject != null) {
                subject.close();
                return;
            } else {
                throw new IOException("not understood here and now: " + order);
            }
        }
    }

    private void prepare(Job job) throws Exception {
        int capacity = (job.seconds() + 20) * job.threads() * 250 + 100_000;
        Journal journal = Journal.create(job.journal(), capacity);
        OrderCreator makes = new OrderCreator(journal, job.process(), key -> say(INSIDE + key));
        Subject tried = job.mode() == Mode.NAIVE ? new Naive(job, makes, journal) : new Cured(job, makes, journal);
        traffic = new Traffic(job, tried, makes, journal);
        creator = makes;
        subject = tried;
        traffic.warmUp();
        say(READY + System.nanoTime());
    }

    private void tick(long requests, long runs) {
        say(TICK + requests + " " + runs);
    }

    private void done() {
        say(DONE + (subject == null ? "" : subject.counters()));
    }

    private static void say(String line) {
        synchronized (System.out) {
            System.out.printf(Locale.ROOT, "%s%n", line);
            System.out.flush();
        }
    }
}
