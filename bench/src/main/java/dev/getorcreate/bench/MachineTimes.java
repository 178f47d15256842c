package dev.getorcreate.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * What the machine's processors had done up to a moment, in the kernel's ticks ({@code /proc/stat}, {@code /proc/PID/stat}).
 * Elsewhere than on Linux nothing is known.
 *
 * @param all of all processors
 * @param stolen by other virtual machines
 * @param own of this process and those that it, or one of them, has started; those included that have ended
 */
record MachineTimes(long all, long idle, long stolen, long own) {

    /** Behind user, nice and system: idle, iowait, irq, softirq, steal. What guests have is in user already. */
    private static final int KINDS = 8;

    private static final int IDLE = 3;
    private static final int WAITING = 4;
    private static final int STOLEN = 7;

    /** Of a process's fields behind its name: the time of the user, of the system, and both of children that have ended. */
    private static final int PROCESS_TIMES = 11;

    static MachineTimes now() {
        Path machine = Path.of("/proc/stat");
        if (!Files.exists(machine)) {
            return new MachineTimes(0, 0, 0, 0);
        }
        ProcessHandle current = ProcessHandle.current();
        long own = Stream.concat(Stream.of(current), current.descendants())
                .mapToLong(each -> ofProcess(each.pid()))
                .sum();
        try (Stream<String> lines = Files.lines(machine)) {
            return of(lines.findFirst().orElseThrow(), own);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + machine, e);
        }
    }

    private static long ofProcess(long pid) {
        try {
            return ofProcess(Files.readString(Path.of("/proc", Long.toString(pid), "stat")));
        } catch (IOException e) {
            return 0; // it has just ended, and counts with its parent now
        }
    }

    /** By the first line of {@code /proc/stat}. */
    static MachineTimes of(String line, long own) {
        long[] kinds = Stream.of(line.strip().split(" +"))
                .skip(1)
                .limit(KINDS)
                .mapToLong(Long::parseLong)
                .toArray();
        return new MachineTimes(LongStream.of(kinds).sum(), kinds[IDLE] + kinds[WAITING], kinds[STOLEN], own);
    }

    /** By {@code /proc/PID/stat}. */
    static long ofProcess(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Stream.of(fields)
                .skip(PROCESS_TIMES)
                .limit(4)
                .mapToLong(Long::parseLong)
                .sum();
    }

    MachineShare since(MachineTimes before) {
        double most = all - before.all;
        double busy = most - (idle - before.idle) - (stolen - before.stolen);
        double mine = own - before.own;
        return new MachineShare(mine / most, Math.max(0, busy - mine) / most, (stolen - before.stolen) / most);
    }
}
