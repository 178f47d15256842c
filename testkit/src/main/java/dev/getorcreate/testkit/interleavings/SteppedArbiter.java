package dev.getorcreate.testkit.interleavings;

import dev.getorcreate.Arbiter;
import dev.getorcreate.Ruling;
import java.util.Optional;

/** An arbiter, each statement of which is a step. */
final class SteppedArbiter<K, V> implements Arbiter<K, V> {

    private final Arbiter<K, V> real;
    private final String name;

    SteppedArbiter(Arbiter<K, V> real, String name) {
        this.real = real;
        this.name = name;
    }

    @Override
    public Optional<V> find(K key) {
        Steps.point("find " + key);
        Steps.touches(name + " " + key, false);
        Optional<V> row = real.find(key);
        Steps.answers(row.map(String::valueOf).orElse("nothing"));
        return row;
    }

    @Override
    public Ruling<V> insert(K key, V candidate) {
        Steps.point("insert " + key);
        Steps.touches(name + " " + key, true);
        Ruling<V> ruling = real.insert(key, candidate);
        Steps.answers(ruling.verdict() + " " + ruling.winner());
        return ruling;
    }
}
