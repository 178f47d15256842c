package dev.getorcreate.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** What was measured of a shared hit with one size and one number of threads. */
record SharedHitCell(int size, int threads, Map<String, List<SharedHitTurn>> turns) {

    static SharedHitCell empty(int size, int threads, List<String> contenders) {
        Map<String, List<SharedHitTurn>> turns = new LinkedHashMap<>();
        contenders.forEach(contender -> turns.put(contender, new ArrayList<>()));
        return new SharedHitCell(size, threads, turns);
    }

    /** One of each contender. */
    void add(Map<String, SharedHitTurn> round) {
        round.forEach((contender, turn) -> turns(contender).add(turn));
    }

    int rounds() {
        return turns.values().stream().mapToInt(List::size).min().orElse(0);
    }

    Spread of(String contender, ToDoubleFunction<SharedHitTurn> figure) {
        return Spread.of(turns(contender).stream().mapToDouble(figure));
    }

    /** The one's beside the other's, round by round. */
    Spread ratio(String contender, String base, ToDoubleFunction<SharedHitTurn> figure) {
        List<SharedHitTurn> own = turns(contender);
        List<SharedHitTurn> others = turns(base);
        return Spread.of(IntStream.range(0, own.size())
                .mapToDouble(round -> figure.applyAsDouble(own.get(round)) / figure.applyAsDouble(others.get(round))));
    }

    private List<SharedHitTurn> turns(String contender) {
        return Objects.requireNonNull(turns.get(contender));
    }
}
