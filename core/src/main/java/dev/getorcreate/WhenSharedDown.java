package dev.getorcreate;

/** What a cache <em>without an arbiter</em> does while its shared store is out of reach. */
public enum WhenSharedDown {
    /** Callers get a {@link SharedStoreUnavailableException}: nothing can say who is first in the cluster. */
    FAIL,
    /** One creator per process runs, and what it made is cached nowhere: duplicates across processes are accepted. {@code find} fails all the same. */
    CREATE
}
