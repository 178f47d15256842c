package dev.getorcreate.bench;

import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/** What can be said of turns with one creator. */
final class StampedeFigures {

    static final String OURS = "ours";

    /** What stands in the tables beside the name: what each found before it was asked for a missing key. */
    private static final Map<String, String> BEFORE =
            Map.of(OURS, " (after a run of misses)", OursAfterHits.NAME, " (after a hit in Redis)");

    private final List<StampedeTurn> turns;

    StampedeFigures(List<StampedeTurn> turns) {
        this.turns = turns;
    }

    static String label(String contender) {
        return contender + BEFORE.getOrDefault(contender, "");
    }

    /** In the order of the rounds. */
    List<StampedeTurn> of(String contender) {
        return turns.stream().filter(turn -> turn.contender().equals(contender)).toList();
    }

    int rounds() {
        return (int) turns.stream().mapToInt(StampedeTurn::round).distinct().count();
    }

    long sum(String contender, ToLongFunction<StampedeTurn> figure) {
        return of(contender).stream().mapToLong(figure).sum();
    }

    Spread spread(String contender, ToDoubleFunction<StampedeTurn> figure) {
        return Spread.of(of(contender).stream().mapToDouble(figure));
    }

    String text(String contender, ToDoubleFunction<StampedeTurn> figure) {
        return spread(contender, figure).text("%.2f");
    }

    /** Of the turns of the same round. */
    Spread ratio(String contender, String to, ToDoubleFunction<StampedeTurn> figure) {
        List<StampedeTurn> above = of(contender);
        List<StampedeTurn> below = of(to);
        return Spread.of(IntStream.range(0, above.size())
                .mapToDouble(round -> figure.applyAsDouble(above.get(round)) / figure.applyAsDouble(below.get(round))));
    }

    /** Theirs / ours. */
    Spread besideOurs(String contender, ToDoubleFunction<StampedeTurn> figure) {
        return ratio(contender, OURS, figure);
    }
}
