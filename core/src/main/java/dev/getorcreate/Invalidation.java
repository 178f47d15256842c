package dev.getorcreate;

/** Whether an invalidation is known to have reached the shared store. */
public enum Invalidation {
    /**
     * No value read before the invalidation enters the shared store any more, and local entries of other processes are
     * not served for longer than the shared store's {@code maxStaleness}. Without a shared store: this process forgot its
     * entry; those of others are served until they expire.
     */
    CONFIRMED,
    /**
     * The shared store did not answer, or refused. This process already forgot its entry, and reads the old record no more;
     * the invalidation is kept and sent when contact returns, before anything is read over that connection. It is lost if
     * this process ends or closes the store before that; then the old record may be served until its time to live ends.
     */
    PENDING,
    /**
     * It was asked for inside of a transaction, and is done after the commit. Whether it was confirmed then is told by
     * {@link CacheStats#invalidationsUnconfirmed} and {@link CacheListener#invalidationUnconfirmed}.
     */
    AFTER_COMMIT
}
