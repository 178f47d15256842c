package dev.getorcreate.testkit;

import dev.getorcreate.spi.Claim;
import dev.getorcreate.spi.Token;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Renews the claims of one space, each every third of its lease, until it is stopped or refused. */
final class InMemoryRenewals {

    private final InMemorySharedStore store;
    private final InMemoryRedis server;
    private final Set<Token> held = ConcurrentHashMap.newKeySet();

    InMemoryRenewals(InMemorySharedStore store, InMemoryRedis server) {
        this.store = store;
        this.server = server;
    }

    void start(String rawKey, Claim claim) {
        held.add(claim.token());
        later(rawKey, claim);
    }

    void stop(Token token) {
        held.remove(token);
    }

    private void later(String rawKey, Claim claim) {
        var unused = store.time().after(claim.lease().toNanos() / 3, () -> {
            if (held.contains(claim.token()) && !store.link().hasEnded()) {
                later(rawKey, claim);
                renew(rawKey, claim);
            }
        });
    }

    /** On the clock's thread. Where the server cannot be reached, the next third tries again. */
    private void renew(String rawKey, Claim claim) {
        store.link()
                .tell(
                        () -> {
                            boolean ours = InMemoryFormat.isClaimOf(server.peek(rawKey), claim.token());
                            if (ours) {
                                server.expire(rawKey, claim.lease().toNanos());
                            }
                            return ours;
                        },
                        ours -> {
                            if (!ours && held.remove(claim.token())) {
                                claim.lost().run();
                            }
                        });
    }
}
