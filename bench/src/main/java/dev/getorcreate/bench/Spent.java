package dev.getorcreate.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * What this process has used up to a moment.
 *
 * @param allocated bytes, by the threads that live now
 */
record Spent(long nanos, long cpuNanos, long allocated) {

    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    static Spent now() {
        long allocated = 0;
        for (long bytes : THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds())) {
            allocated += Math.max(0, bytes);
        }
        return new Spent(System.nanoTime(), SYSTEM.getProcessCpuTime(), allocated);
    }

    Spent since(Spent before) {
        return new Spent(nanos - before.nanos, cpuNanos - before.cpuNanos, allocated - before.allocated);
    }
}
