package dev.getorcreate.examples.demo;

import java.nio.file.Path;

/**
 * What a worker has to do. It travels over standard input, since addresses may hold passwords and command lines are for
 * all to see.
 *
 * @param namespace stands in all Redis keys, and names the schema
 */
record Job(
        Mode mode,
        int process,
        int processes,
        int threads,
        int seconds,
        long seed,
        String redisUrl,
        String postgresUrl,
        String namespace,
        Path journal) {

    private static final String SEPARATOR = "\t";

    String toLine() {
        return String.join(
                SEPARATOR,
                mode.name(),
                Integer.toString(process),
                Integer.toString(processes),
                Integer.toString(threads),
                Integer.toString(seconds),
                Long.toString(seed),
                redisUrl,
                postgresUrl,
                namespace,
                journal.toString());
    }

    static Job fromLine(String line) {
        String[] part = line.split(SEPARATOR, -1);
        return new Job(
                Mode.valueOf(part[0]),
                Integer.parseInt(part[1]),
                Integer.parseInt(part[2]),
                Integer.parseInt(part[3]),
                Integer.parseInt(part[4]),
                Long.parseLong(part[5]),
                part[6],
                part[7],
                part[8],
                Path.of(part[9]));
    }

    Schedule schedule() {
        return new Schedule(seed, processes, threads, seconds);
    }

    /** Connections of one process: fewer than threads, as in real life, and together fewer than PostgreSQL's usual 100. */
    int connections() {
        return Math.max(2, Math.min(Math.min(threads, 8), 80 / processes));
    }
}
