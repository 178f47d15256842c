package dev.getorcreate.bench;

import dev.getorcreate.testkit.RedisCluster;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** How long until all is served again, after a creator was killed or frozen, or an upstream was killed. */
final class Trouble {

    private Trouble() {}

    /** {@code --quick}: fewer trials. */
    public static void main(String[] args) {
        Quiet.logs();
        boolean quick = List.of(args).contains("--quick");
        String before = Machine.load();
        HolderTrouble holder = HolderTrouble.measure(quick ? 3 : 10, quick ? 2 : 4);
        int trials = quick ? 3 : 6;
        UpstreamTrouble sentinel = upstream(trials, SentinelGroup::start);
        UpstreamTrouble cluster = upstream(trials, () -> new UpstreamGroup.Cluster(RedisCluster.start()));
        System.out.printf("%nAt the start: %s.%nAt the end: %s.%n%n", before, Machine.load());
        print(holder);
        print(List.of(sentinel, cluster));
        System.out.printf(
                Locale.ROOT,
                "RESULT {\"crashRecoveryMillis\": %.0f, \"crashRecoveryMaxMillis\": %.0f, \"frozenRecoveryMillis\": %.0f,"
                        + " \"frozenRecoveryMaxMillis\": %.0f, \"extraCreations\": %d, \"differingAnswers\": %d, %s, %s}%n",
                holder.killed.median(),
                holder.killed.max(),
                holder.frozen.median(),
                holder.frozen.max(),
                holder.extraCreations,
                holder.differing,
                json(sentinel),
                json(cluster));
    }

    private static UpstreamTrouble upstream(int trials, Supplier<UpstreamGroup> start) {
        try (UpstreamGroup group = start.get()) {
            return UpstreamTrouble.measure(group, trials);
        }
    }

    private static void print(HolderTrouble holder) {
        System.out.printf(
                "%d other processes with %d threads each wait for the key; lease 2 s, no arbiter.%n%n",
                HolderTrouble.WAITING_PROCESSES, HolderTrouble.THREADS);
        System.out.println("| the creating process is | trials | all others served after p50 ms | max ms |");
        System.out.println("|---|---|---|---|");
        System.out.printf("| killed (SIGKILL) | %d | %s |%n", holder.killed.count(), holder.killed.medianAndMax());
        System.out.printf(
                "| frozen (SIGSTOP) for %d s | %d | %s |%n",
                HolderTrouble.FREEZE.toSeconds(), holder.frozen.count(), holder.frozen.medianAndMax());
        System.out.printf(
                "%nCreations beyond one a key, by those who waited: %d. Keys of which not all were told the same: %d."
                        + " Errors of their calls: %d.%n%n",
                holder.extraCreations, holder.differing, holder.errors);
    }

    private static void print(List<UpstreamTrouble> all) {
        System.out.println("| upstream killed | settings | arbiter | trials | first answer p50 ms | max ms"
                + " | first creation that another process finds p50 ms | max ms | calls | callers' errors |");
        System.out.println("|---|---|---|---|---|---|---|---|---|---|");
        for (UpstreamTrouble one : all) {
            for (Callers callers : List.of(one.withArbiter, one.withoutArbiter)) {
                System.out.printf(
                        "| %s | %s | %s | %d | %s | %s | %d | %s |%n",
                        one.group.name(),
                        one.group.settings(),
                        callers.arbiter,
                        callers.shared.count(),
                        callers.answered.medianAndMax(),
                        callers.shared.medianAndMax(),
                        callers.calls.get(),
                        callers.errors().isEmpty() ? "none" : callers.errors());
            }
        }
        System.out.println();
    }

    private static String json(UpstreamTrouble one) {
        return String.format(
                Locale.ROOT,
                "\"%s\": {\"settings\": \"%s\", \"sharedAgainMillis\": %.0f, \"sharedAgainMaxMillis\": %.0f,"
                        + " \"withoutArbiterMillis\": %.0f, \"withoutArbiterMaxMillis\": %.0f,"
                        + " \"callerErrorsWithArbiter\": %d}",
                one.group.name().toLowerCase(Locale.ROOT),
                one.group.settings(),
                one.withArbiter.shared.median(),
                one.withArbiter.shared.max(),
                one.withoutArbiter.shared.median(),
                one.withoutArbiter.shared.max(),
                one.withArbiter.errors().values().stream()
                        .mapToInt(Integer::intValue)
                        .sum());
    }
}
