package dev.getorcreate.bench;

import dev.getorcreate.bench.TroubleTeam.Told;
import dev.getorcreate.testkit.ChildJvm;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Connections to Redis are reset around the end of a creator for which others wait: how long until all are served. */
final class TroubleCut {

    /** Whose, and when. */
    enum Cut {
        /** What the others are to be compared with. */
        NONE("no connection cut", false, false, 0),
        CREATOR("the creator's connection cut as it ends", true, false, 0),
        WAITERS("the waiters' connections cut as the creator ends", false, true, 0),
        ALL("all connections cut as the creator ends", true, true, 0),
        ALL_BEFORE("all connections cut 1 s before the creator ends", true, true, 1000);

        final String words;
        private final boolean creators;
        private final boolean waiters;
        private final int millisBefore;

        Cut(String words, boolean creators, boolean waiters, int millisBefore) {
            this.words = words;
            this.creators = creators;
            this.waiters = waiters;
            this.millisBefore = millisBefore;
        }
    }

    private TroubleCut() {}

    /** Counted from the creator's end: nobody can be served by it before. */
    static List<TroubleTrial.Row> measure(String way, String jdbcUrl, int trials) {
        Map<Cut, List<TroubleTrial>> all = new EnumMap<>(Cut.class);
        try (TroubleTeam team = new TroubleTeam(way, jdbcUrl, true);
                ChildJvm holder = team.startHolder()) {
            for (int i = 0; i < trials; i++) {
                System.err.printf("cut, %s: trial %d of %d%n", way, i + 1, trials);
                for (Cut cut : Cut.values()) {
                    TroubleTrial trial = trial(team, holder, cut, way + "-" + cut + i);
                    all.computeIfAbsent(cut, any -> new ArrayList<>()).add(trial);
                }
            }
        }
        List<TroubleTrial.Row> rows = new ArrayList<>();
        all.forEach((cut, each) -> rows.add(new TroubleTrial.Row(cut.words, way, true, each)));
        return rows;
    }

    private static TroubleTrial trial(TroubleTeam team, ChildJvm holder, Cut cut, String key) {
        team.hold(holder, key);
        team.cut(cut.creators, cut.waiters);
        Pause.millis(cut.millisBefore);
        long end = System.nanoTime();
        holder.send("release");
        Told told = new Told();
        told.hear(holder);
        team.hearWaiting(told);
        return team.trial(key, told, end);
    }
}
