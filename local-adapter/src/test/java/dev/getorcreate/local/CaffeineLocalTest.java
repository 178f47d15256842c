package dev.getorcreate.local;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.spi.LocalTier;
import dev.getorcreate.testkit.LocalStoreContract;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CaffeineLocalTest extends LocalStoreContract {

    @Override
    protected LocalTier newTier(long maximumSize, Duration expireAfterWrite) {
        return CaffeineLocal.defaults().maximumSize(maximumSize).expireAfterWrite(expireAfterWrite);
    }

    @Test
    void absurdBoundsNameThemselves() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> newTier(0, Duration.ofMinutes(1)))
                .getMessage()
                .contains("maximumSize"));
        for (Duration absurd : new Duration[] {Duration.ZERO, Duration.ofMillis(-1), Duration.ofDays(1000)}) {
            assertTrue(assertThrows(IllegalArgumentException.class, () -> newTier(1, absurd))
                    .getMessage()
                    .contains("expireAfterWrite"));
        }
    }
}
