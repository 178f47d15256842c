package dev.getorcreate.testkit;

import dev.getorcreate.spi.LocalTier;
import java.time.Duration;

class InMemoryLocalTest extends LocalStoreContract {

    @Override
    protected LocalTier newTier(long maximumSize, Duration expireAfterWrite) {
        return new InMemoryLocal(maximumSize, expireAfterWrite);
    }
}
