package dev.getorcreate.proof.chaos;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a child is told on its command line, as {@code name=value}.
 *
 * @param process its place
 * @param life which process of that place it is, from 1
 * @param naiveSeconds how long the control plays before the faults begin
 * @param dense whether one key follows the other without a pause
 * @param redis the servers, as the topology names them
 * @param ways where to connect really, by a server's port
 */
record Job(
        int process,
        int life,
        int processes,
        int threads,
        long seed,
        int naiveSeconds,
        int seconds,
        boolean dense,
        boolean arbiter,
        String topology,
        List<String> redis,
        Map<Integer, Integer> ways,
        String jdbc,
        Path folder) {

    /** A URI of Sentinels has commas in it. */
    private static final String BLANK = " ";

    String[] toArgs() {
        return new String[] {
            "process=" + process,
            "life=" + life,
            "processes=" + processes,
            "threads=" + threads,
            "seed=" + seed,
            "naiveSeconds=" + naiveSeconds,
            "seconds=" + seconds,
            "dense=" + dense,
            "arbiter=" + arbiter,
            "topology=" + topology,
            "redis=" + String.join(BLANK, redis),
            "ways="
                    + ways.entrySet().stream()
                            .map(way -> way.getKey() + ":" + way.getValue())
                            .collect(Collectors.joining(BLANK)),
            "jdbc=" + jdbc,
            "folder=" + folder
        };
    }

    static Job parse(String[] args) {
        Map<String, String> all = new TreeMap<>();
        for (String arg : args) {
            int equals = arg.indexOf('=');
            all.put(arg.substring(0, equals), arg.substring(equals + 1));
        }
        return new Job(
                Integer.parseInt(all.get("process")),
                Integer.parseInt(all.get("life")),
                Integer.parseInt(all.get("processes")),
                Integer.parseInt(all.get("threads")),
                Long.parseLong(all.get("seed")),
                Integer.parseInt(all.get("naiveSeconds")),
                Integer.parseInt(all.get("seconds")),
                Boolean.parseBoolean(all.get("dense")),
                Boolean.parseBoolean(all.get("arbiter")),
                all.get("topology"),
                Arrays.asList(all.get("redis").split(BLANK)),
                Arrays.stream(all.get("ways").split(BLANK))
                        .map(way -> way.split(":"))
                        .collect(Collectors.toMap(way -> Integer.valueOf(way[0]), way -> Integer.valueOf(way[1]))),
                all.get("jdbc"),
                Path.of(all.get("folder")));
    }

    /** For the process that takes the place of this one. */
    Job heir() {
        return new Job(
                process,
                life + 1,
                processes,
                threads,
                seed,
                naiveSeconds,
                seconds,
                dense,
                arbiter,
                topology,
                redis,
                ways,
                jdbc,
                folder);
    }

    Schedule schedule() {
        return new Schedule(seed, processes, threads);
    }
}
