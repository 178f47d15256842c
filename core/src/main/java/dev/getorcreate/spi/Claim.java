package dev.getorcreate.spi;

import java.time.Duration;

/**
 * What a process says in the shared store: 'I am creating this'. Once granted, the shared store renews it every third of
 * its lease until it is published or released; if the process dies, it dies by its lease.
 *
 * @param token tells this attempt from every other
 * @param lease how long it lives without a renewal
 * @param lost called at most once, on a thread of the shared store, when a renewal was refused: somebody else may be
 *     creating now. It must not block
 */
public record Claim(Token token, Duration lease, Runnable lost) {}
