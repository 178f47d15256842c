package dev.getorcreate.bench;

import dev.getorcreate.bench.CountedStatements.Counts;
import dev.getorcreate.bench.TroubleTeam.Told;
import dev.getorcreate.testkit.ChildJvm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process is killed, or frozen, while its creator runs and others wait: how long until all of those are served. */
final class HolderTrouble {

    static final String KILLED = "creator killed (SIGKILL)";
    static final Duration FREEZE = Duration.ofSeconds(10);
    static final String FROZEN = "creator frozen (SIGSTOP) for " + FREEZE.toSeconds() + " s";

    private final TroubleTeam team;
    private final String name;

    private HolderTrouble(TroubleTeam team, boolean hasTable) {
        this.team = team;
        this.name = team.way + (hasTable ? "-" : "-alone-");
    }

    /** Redisson's lock as it comes is not frozen here: it would be held for as long as that lasts, or its watchdog's 30 s. */
    static List<TroubleTrial.Row> measure(String way, String jdbcUrl, int kills, int freezes) {
        boolean hasTable = !jdbcUrl.equals(TroubleDatabase.NONE);
        List<TroubleTrial.Row> rows = new ArrayList<>();
        try (TroubleTeam team = new TroubleTeam(way, jdbcUrl, false)) {
            HolderTrouble trouble = new HolderTrouble(team, hasTable);
            List<TroubleTrial> killed = new ArrayList<>();
            for (int i = 0; i < kills; i++) {
                killed.add(trouble.kill(i));
            }
            rows.add(new TroubleTrial.Row(KILLED, way, hasTable, killed));
            List<TroubleTrial> frozen = new ArrayList<>();
            for (int i = 0; i < freezes; i++) {
                frozen.add(trouble.freeze(i));
            }
            if (!frozen.isEmpty()) {
                rows.add(new TroubleTrial.Row(FROZEN, way, hasTable, frozen));
            }
        }
        return rows;
    }

    private TroubleTrial kill(int trial) {
        String key = name + "killed" + trial;
        System.err.println("holder: " + key);
        Told told = new Told();
        try (ChildJvm holder = team.startHolder()) {
            Counts looked = team.hold(holder, key);
            long moment = System.nanoTime();
            holder.kill();
            team.hearWaiting(told);
            if (told.creatorRuns == 0) {
                throw new IllegalStateException("'" + key + "' was served by nobody of those who waited");
            }
            told.statements = told.statements.plus(looked);
            told.creatorRuns++;
            return team.trial(key, told, moment);
        }
    }

    /** What the frozen one is told when it goes on must be what the others were. */
    private TroubleTrial freeze(int trial) {
        String key = name + "frozen" + trial;
        System.err.println("holder: " + key);
        Told told = new Told();
        try (ChildJvm holder = team.startHolder()) {
            team.hold(holder, key);
            long moment = System.nanoTime();
            holder.freeze();
            team.hearWaiting(told);
            long last = told.last;
            Pause.until(moment + TimeUnit.SECONDS.toNanos(FREEZE.toSeconds()));
            holder.thaw();
            holder.send("release");
            told.hear(holder);
            told.last = last;
            return team.trial(key, told, moment);
        }
    }
}
