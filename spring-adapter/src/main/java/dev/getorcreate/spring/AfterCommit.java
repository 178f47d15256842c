package dev.getorcreate.spring;

import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Invalidation;
import java.util.Objects;
import java.util.function.Supplier;
import org.springframework.core.Ordered;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Invalidates when the transaction that this thread is in has committed, whichever {@code PlatformTransactionManager}'s it
 * is: before, others would read the row as it was, and keep it.
 *
 * <pre>{@code
 * @Transactional
 * public void rename(String email, String name) {
 *     repository.rename(email, name);
 *     AfterCommit.invalidate(users, email);
 * }
 * }</pre>
 *
 * <p>After a rollback it is done too, since a commit whose answer was lost looks like one; that costs a reload. Outside of a
 * transaction, and in a reactive one, it is done at once, and so is what other code asks for when it is told of the end. A failure after the commit
 * is logged by Spring and does not reach the caller. A cache whose arbiter joins transactions waits for the commit of those
 * by itself. Safe for use by any number of threads.
 */
public final class AfterCommit {

    private AfterCommit() {}

    /**
     * Forgets the key after the commit, as {@link GetOrCreateCache#invalidate}.
     *
     * @return what that said, or {@link Invalidation#AFTER_COMMIT}
     */
    public static <K> Invalidation invalidate(GetOrCreateCache<K, ?> cache, K key) {
        Objects.requireNonNull(cache, "cache");
        Objects.requireNonNull(key, "key");
        return run(() -> cache.invalidate(key));
    }

    /**
     * Forgets all keys after the commit, as {@link GetOrCreateCache#invalidateAll}.
     *
     * @return what that said, or {@link Invalidation#AFTER_COMMIT}
     */
    public static Invalidation invalidateAll(GetOrCreateCache<?, ?> cache) {
        Objects.requireNonNull(cache, "cache");
        return run(cache::invalidateAll);
    }

    private static Invalidation run(Supplier<Invalidation> invalidation) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()
                || !TransactionSynchronizationManager.isSynchronizationActive()) {
            return invalidation.get();
        }
        TransactionSynchronizationManager.registerSynchronization(new Pending(invalidation));
        return Invalidation.AFTER_COMMIT;
    }

    /** Used by its transaction's thread only. */
    private static final class Pending implements TransactionSynchronization {

        private final Supplier<Invalidation> invalidation;

        Pending(Supplier<Invalidation> invalidation) {
            this.invalidation = invalidation;
        }

        /** Before all others who are told of the end: they may ask the cache. */
        @Override
        public int getOrder() {
            return Ordered.HIGHEST_PRECEDENCE;
        }

        /** Also after what Spring calls a rollback: the commit may have begun, and its answer have been lost. */
        @Override
        public void afterCompletion(int status) {
            var unused = invalidation.get();
        }
    }
}
