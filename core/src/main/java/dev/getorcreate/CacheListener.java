package dev.getorcreate;

/**
 * Hears of rare events; hits are counted in {@link GetOrCreateCache#stats()} instead. Called on whatever thread the event
 * happens on, so it must be quick and must not block; what it throws is logged and goes no further.
 */
public interface CacheListener {

    /** A creator ended, well or not, after this many nanoseconds. */
    default void creatorRan(long nanos, boolean succeeded) {}

    /** A candidate was dropped, because another's row stood there. */
    default void conflictAdopted() {}

    /** A claim's renewal was refused while the creator ran. */
    default void claimLost() {}

    /** A record was not published, since the claim was no longer ours. */
    default void publishRejected() {}

    /** A record was returned but cached nowhere, since the shared store takes none so large. */
    default void oversized() {}

    /** A creator is taking longer than {@code maxCreationTime}; its claim was let go. */
    default void overdue() {}

    /** A request to the shared store failed or timed out. */
    default void sharedStoreError(Throwable error) {}

    /** A payload that was read is no record of this cache; whoever creates writes over it. */
    default void undecodable(String why) {}

    /**
     * An invalidation was not confirmed by the shared store, which is away or refuses. It is sent again; until then others
     * may serve what was invalidated. What a caller's transaction changed is told of after its commit.
     */
    default void invalidationUnconfirmed() {}
}
