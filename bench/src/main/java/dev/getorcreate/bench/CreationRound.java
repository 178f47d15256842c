package dev.getorcreate.bench;

import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What the two ways of {@link Creation} took in one round, in milliseconds. */
record CreationRound(
        double handP50, double handP99, double handMax, double arbiterP50, double arbiterP99, double arbiterMax) {

    static final String HEAD = "| creation, ms | by hand: p50 | p99 | arbiter: p50 | p99 | p50 to p50 | p99 to p99 |\n"
            + "|---|---|---|---|---|---|---|";

    /** By hand, and by the arbiter. */
    static CreationRound of(Samples[] ways) {
        return new CreationRound(
                ways[0].median(),
                ways[0].millis(0.99),
                ways[0].max(),
                ways[1].median(),
                ways[1].millis(0.99),
                ways[1].max());
    }

    private static Spread of(List<CreationRound> rounds, ToDoubleFunction<CreationRound> figure) {
        return Spread.of(rounds.stream().mapToDouble(figure));
    }

    private static Spread ratio(List<CreationRound> rounds) {
        return of(rounds, round -> round.arbiterP50 / round.handP50);
    }

    static void print(String what, List<CreationRound> rounds) {
        System.out.println("| "
                + String.join(
                        " | ",
                        what,
                        of(rounds, CreationRound::handP50).text("%.2f"),
                        of(rounds, CreationRound::handP99).text("%.2f"),
                        of(rounds, CreationRound::arbiterP50).text("%.2f"),
                        of(rounds, CreationRound::arbiterP99).text("%.2f"),
                        ratio(rounds).text("%.2f"),
                        of(rounds, round -> round.arbiterP99 / round.handP99).text("%.2f"))
                + " |");
    }

    static void put(Map<String, Object> result, String name, List<CreationRound> rounds) {
        ratio(rounds).put(result, name);
    }
}
