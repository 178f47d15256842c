package dev.getorcreate.spring;

import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.ResourceHolderSupport;
import org.springframework.transaction.support.ResourceTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Runs each call of a repository in a transaction of its own, which is committed when the call returns, whatever transaction
 * its caller is in. That is what {@code JdbcArbiter.of} and {@code Arbiter.of} need of it: a row that its caller's
 * transaction may still roll back is nobody's record, and what an old snapshot shows is none any more.
 *
 * <pre>{@code
 * OwnTransactions own = OwnTransactions.by(transactionManager);
 * Arbiter<String, User> users = JdbcArbiter.of(
 *         own.find(email -> repository.findByEmail(email).map(UserEntity::toUser)),
 *         own.insert((email, user) -> repository.save(UserEntity.of(user)).toUser()));
 * }</pre>
 *
 * <p>What is flushed at the commit only, as JPA does, is inserted when the call returns too, and a violation that shows then
 * is thrown by it. An entity manager that is open for a whole request (Spring Boot's {@code spring.jpa.open-in-view}) is laid
 * aside meanwhile: it would give what it has loaded before, and have its changes written. A call takes a second connection
 * where its caller's transaction, or that entity manager, keeps one. To be part of the caller's transaction instead, there
 * is {@link SpringTransactions}. Safe for use by any number of threads.
 */
public final class OwnTransactions {

    private final TransactionTemplate own;
    /** By which Spring binds what a thread has open; null if the manager does not tell. */
    private final @Nullable Object factory;

    private OwnTransactions(PlatformTransactionManager manager) {
        factory = manager instanceof ResourceTransactionManager resources ? resources.getResourceFactory() : null;
        own = new TransactionTemplate(manager);
        own.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    }

    /**
     * Transactions of this manager, which must be the repository's. What is open for a whole request is laid aside if the
     * manager tells what it binds, as Spring's for JPA, Hibernate and JDBC do; JTA's, a lazy proxy and one's own wrapper do not.
     */
    public static OwnTransactions by(PlatformTransactionManager manager) {
        return new OwnTransactions(Objects.requireNonNull(manager, "manager"));
    }

    /** As {@code find}, in a transaction of its own. Blocks; throws what {@code find} does, or Spring without a connection. */
    public <K, V> Function<K, Optional<V>> find(Function<? super K, Optional<V>> find) {
        Objects.requireNonNull(find, "find");
        return key -> Objects.requireNonNull(run(() -> find.apply(key)), "find gave null; it must give an Optional");
    }

    /** As {@code insert}, in a transaction of its own. Blocks; throws what {@code insert} and the commit do. */
    public <K, V> BiFunction<K, V, V> insert(BiFunction<? super K, ? super V, ? extends V> insert) {
        Objects.requireNonNull(insert, "insert");
        return (key, candidate) -> Objects.requireNonNull(
                this.<V>run(() -> insert.apply(key, candidate)), "insert gave null; it must give the row's record");
    }

    private <V> @Nullable V run(Supplier<? extends @Nullable V> call) {
        Object open = factory == null ? null : TransactionSynchronizationManager.getResource(factory);
        if (factory == null || open == null || !isOpenWithoutATransaction(open)) {
            return own.execute(status -> call.get());
        }
        TransactionSynchronizationManager.unbindResource(factory);
        try {
            return own.execute(status -> call.get());
        } finally {
            TransactionSynchronizationManager.bindResource(factory, open);
        }
    }

    /** Such a one Spring would use for the new transaction; one that is in another it lays aside itself. */
    private static boolean isOpenWithoutATransaction(Object open) {
        return open instanceof ResourceHolderSupport holder && !holder.isSynchronizedWithTransaction();
    }
}
