package dev.getorcreate.proof.engine;

import dev.getorcreate.Arbiter;
import dev.getorcreate.Ruling;
import java.util.Optional;

/** Another arbiter's answers, for a test that changes one of these. */
class RelayedArbiter implements Arbiter<String, String> {

    private final Arbiter<String, String> real;

    RelayedArbiter(Arbiter<String, String> real) {
        this.real = real;
    }

    @Override
    public Optional<String> find(String key) {
        return real.find(key);
    }

    @Override
    public Ruling<String> insert(String key, String candidate) {
        return real.insert(key, candidate);
    }
}
