package dev.getorcreate.spi;

import java.util.function.Supplier;

/**
 * The transactions of callers, as whatever manages them tells of them: what a cache needs to know, to keep back until the
 * commit what its arbiter did inside of one. Thread-bound: a thread is in one transaction at most, and one that is
 * suspended is not the one it is in.
 */
public interface Transactions {

    /** None, ever. */
    Transactions NONE = new Transactions() {
        @Override
        public boolean isActive() {
            return false;
        }

        @Override
        public Hearer hearer(Object owner, Supplier<Hearer> first) {
            throw new IllegalStateException("there are no transactions here");
        }
    };

    /** Whether the calling thread is in one. Asked on every call, hits too, so it must be quick. */
    boolean isActive();

    /**
     * Whether this thread's transaction is being committed, and its hearers have not been told yet. It is active no more
     * then, but whoever manages it may still write, as JPA does when it flushes: what is invalidated meanwhile is told
     * with all the rest, after the commit.
     */
    default boolean isEnding() {
        return false;
    }

    /**
     * The hearer that the owner has in this thread's transaction, be it active or ending; the first time in a transaction it
     * is made, and is told once how that transaction ended.
     *
     * @throws IllegalStateException if there is none, or nobody would tell of its end
     */
    Hearer hearer(Object owner, Supplier<Hearer> first);

    /** How a transaction ended. */
    enum Completion {
        COMMITTED,
        ROLLED_BACK,
        /** The answer to the commit was lost. */
        UNKNOWN
    }

    /** Is told how one transaction ended. */
    @FunctionalInterface
    interface Hearer {

        /**
         * It is over, and {@link Transactions#isActive} no more. Never throws; blocks for a read and a publish for each
         * record that it created, and a command for each key that it invalidated. On the transaction's thread the
         * connection that {@link dev.getorcreate.Arbiter#joined} used can still be read from.
         */
        void completed(Completion how);
    }
}
