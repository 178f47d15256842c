package dev.getorcreate;

/**
 * Makes the candidate for a key that has no record yet.
 *
 * <p>A creator makes a candidate and has no other side effect: it may run more than once for a key (after a crash, a
 * lost claim, or an outage of the shared store), and with an {@link Arbiter} the candidate becomes a record only once
 * the arbiter took it. It runs on the thread of the caller that started the resolution, never inside a lock of this
 * library. It must not ask the same cache for the same key: that is refused with {@link RecursiveCreationException}.
 */
@FunctionalInterface
public interface Creator<K, V> {

    /**
     * Makes the candidate.
     *
     * @return the candidate, never null. With an arbiter it is inserted as a row, whatever it says: where there is to be
     *     no record, throw. Nothing is cached then
     * @throws Exception an unchecked exception reaches the callers unchanged, a checked one as the cause of a
     *     {@link CreationFailedException}
     */
    V create(K key) throws Exception;
}
