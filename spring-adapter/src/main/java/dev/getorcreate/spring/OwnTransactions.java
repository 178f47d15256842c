package dev.getorcreate.spring;

import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Runs each call of a repository in a transaction of its own, which is committed when the call returns, whatever transaction
 * its caller is in. That is what {@code JdbcArbiter.of} and {@code Arbiter.of} need of it: a row that its caller's
 * transaction may still roll back is nobody's record, and what an old snapshot shows is none any more.
 *
 * <pre>{@code
 * OwnTransactions own = OwnTransactions.by(transactionManager);
 * Arbiter<String, User> users = JdbcArbiter.of(
 *         own.find(repository::findByEmail), own.insert((email, user) -> repository.save(user)));
 * }</pre>
 *
 * <p>What is flushed at the commit only, as JPA does, is inserted when the call returns too, and a violation that shows then
 * is thrown by it. A call from inside of a transaction takes a second connection while its caller keeps one. To be part of
 * the caller's transaction instead, there is {@link SpringTransactions}. Safe for use by any number of threads.
 */
public final class OwnTransactions {

    private final TransactionTemplate own;

    private OwnTransactions(PlatformTransactionManager manager) {
        own = new TransactionTemplate(manager);
        own.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    }

    /** Transactions of this manager, which must be the repository's. */
    public static OwnTransactions by(PlatformTransactionManager manager) {
        return new OwnTransactions(Objects.requireNonNull(manager, "manager"));
    }

    /** As {@code find}, in a transaction of its own. Blocks; throws what {@code find} does, or Spring without a connection. */
    public <K, V> Function<K, Optional<V>> find(Function<? super K, Optional<V>> find) {
        Objects.requireNonNull(find, "find");
        return key -> Objects.requireNonNull(
                own.execute(status -> find.apply(key)), "find gave null; it must give an Optional");
    }

    /** As {@code insert}, in a transaction of its own. Blocks; throws what {@code insert} and the commit do. */
    public <K, V> BiFunction<K, V, V> insert(BiFunction<? super K, ? super V, ? extends V> insert) {
        Objects.requireNonNull(insert, "insert");
        return (key, candidate) -> Objects.requireNonNull(
                own.<V>execute(status -> insert.apply(key, candidate)),
                "insert gave null; it must give the row's record");
    }
}
