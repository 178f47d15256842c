package dev.getorcreate.bench;

import java.util.List;

/**
 * What the trouble is told.
 *
 * @param kinds of trouble
 * @param faults of a Redis that is away, each of which is measured
 */
record TroubleOptions(List<String> kinds, List<String> faults, TroubleAway.Times times, int trials, List<String> ways) {

    static final String HOLDER = "holder";
    static final String CUT = "cut";
    static final String AWAY = "away";
    static final String UPSTREAM = "upstream";
    static final String KILLED = "killed";

    private static final List<String> KINDS = List.of(HOLDER, CUT, AWAY, UPSTREAM);
    private static final List<String> OF_RIVALS = List.of(HOLDER, CUT, AWAY);

    static TroubleOptions of(String... args) {
        Arguments given = new Arguments(args);
        boolean quick = given.flag("--quick");
        List<String> ways = given.some("--contenders", TroubleWay.NAMES);
        boolean isOursToo = ways.contains(TroubleWay.OURS);
        List<String> kinds = given.some("--only", KINDS, String.join(",", isOursToo ? KINDS : OF_RIVALS));
        if (!isOursToo && kinds.contains(UPSTREAM)) {
            throw new IllegalArgumentException("--only " + UPSTREAM + " measures " + TroubleWay.OURS
                    + " alone, and --contenders " + String.join(",", ways) + " leaves it out: name it there, or leave "
                    + UPSTREAM + " out of --only");
        }
        TroubleOptions options = new TroubleOptions(
                kinds,
                given.some("--redis-is", List.of(KILLED, "silent")),
                new TroubleAway.Times(5, 5, given.count("--away", 10), quick ? 6 : 15),
                given.count("--trials", quick ? 3 : 8),
                ways);
        given.end();
        return options;
    }
}
