package dev.getorcreate;

import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class DefaultExecutorTest {

    /** A tenant, or a user: its thread goes on to work for others. */
    @Test
    void theThreadsOfThePoolTakeNothingOverFromWhoeverWasFirst() {
        InheritableThreadLocal<String> tenant = new InheritableThreadLocal<>();
        tenant.set("first");
        try {
            assertNull(CompletableFuture.supplyAsync(tenant::get, DefaultExecutor.pool("pool"))
                    .join());
        } finally {
            tenant.remove();
        }
    }
}
