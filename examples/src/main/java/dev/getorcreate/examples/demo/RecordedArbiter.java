package dev.getorcreate.examples.demo;

import dev.getorcreate.Arbiter;
import dev.getorcreate.Ruling;
import java.util.Optional;

/** An arbiter whose answers are noted with their time; it decides nothing itself. */
final class RecordedArbiter implements Arbiter<String, String> {

    private final Arbiter<String, String> real;
    private final Journal journal;

    RecordedArbiter(Arbiter<String, String> real, Journal journal) {
        this.real = real;
        this.journal = journal;
    }

    @Override
    public Optional<String> find(String key) {
        long from = System.nanoTime();
        Optional<String> found = real.find(key);
        journal.write(
                Event.Kind.FIND,
                found.isPresent() ? Event.YES : Event.NO,
                Names.number(key),
                from,
                System.nanoTime(),
                found.map(Names::fingerprint).orElse(0L));
        return found;
    }

    @Override
    public Ruling<String> insert(String key, String candidate) {
        long from = System.nanoTime();
        Ruling<String> ruling = real.insert(key, candidate);
        journal.write(
                Event.Kind.INSERT,
                ruling.verdict() == Ruling.Verdict.CREATED ? Event.YES : Event.NO,
                Names.number(key),
                from,
                System.nanoTime(),
                Names.fingerprint(ruling.winner()));
        return ruling;
    }
}
