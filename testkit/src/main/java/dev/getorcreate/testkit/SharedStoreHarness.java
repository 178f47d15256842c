package dev.getorcreate.testkit;

import dev.getorcreate.spi.SharedStore;
import dev.getorcreate.spi.TimeSource;
import java.time.Duration;

/**
 * What {@link SharedStoreContract} needs of the store under test, besides its door: the server's side, and processes that
 * die. A fault that cannot be made answers false, and its test is skipped.
 */
public interface SharedStoreHarness extends AutoCloseable {

    /**
     * Another client of the same server: another process, as far as the server can see. Its command time-out should be
     * long, some seconds, since nothing here is about a busy machine.
     */
    SharedStore newProcess(Duration maxStaleness);

    /** Another one whose {@code maxStaleness} is short, since most tests wait for it. */
    default SharedStore newProcess() {
        return newProcess(Duration.ofMillis(400));
    }

    /** Ends it as {@code kill -9} would: nothing is released, renewed or published any more. */
    void kill(SharedStore process);

    /** Removes everything from the server. */
    void flushAll();

    /** Writes these bytes at a cache's key, as a foreign client would. */
    void plant(String cache, byte[] key, byte[] bytes);

    /** Writes something of another type at a cache's key (a list, say). */
    void plantForeignType(String cache, byte[] key);

    /** The process's connection is lost, and the server stays reachable. */
    default boolean cut(SharedStore process) {
        return false;
    }

    /** Whether the server is out of this process's reach from now on. */
    default boolean unreachable(SharedStore process, boolean away) {
        return false;
    }

    /** Whether the process is told of no change from now on, without noticing. */
    default boolean dropPushes(SharedStore process, boolean drop) {
        return false;
    }

    /** Whether what the server sends to the process is kept, in order; what was kept is sent on when it no longer is. */
    default boolean hold(SharedStore process, boolean on) {
        return false;
    }

    /** How many reads of keys the server has carried out, for all processes together; negative: that is not known. */
    default long reads() {
        return -1;
    }

    /** How many bytes a process publishes at most, with what the store adds to them; 0: there is no such bound. */
    default int maxPayload() {
        return 0;
    }

    /** The clock of these stores; it must run by itself. */
    default TimeSource time() {
        return TimeSource.system();
    }

    /** Ends every process that was made. */
    @Override
    void close();
}
