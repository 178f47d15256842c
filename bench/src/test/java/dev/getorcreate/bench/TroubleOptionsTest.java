package dev.getorcreate.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TroubleOptionsTest {

    @Test
    void byDefaultAllIsMeasuredOfAll() {
        TroubleOptions options = TroubleOptions.of();
        assertEquals(List.of("holder", "cut", "away", "upstream"), options.kinds());
        assertEquals(List.of("ours", "redissonTuned", "redissonLock"), options.ways());
    }

    @ParameterizedTest
    @ValueSource(strings = {"upstream", "holder,upstream"})
    void anUpstreamThatNobodyWhoIsNamedIsMeasuredWithIsRefused(String only) {
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> TroubleOptions.of("--contenders", "redissonTuned,redissonLock", "--only", only))
                .getMessage();
        assertTrue(message.contains("--only upstream") && message.contains("ours"), message);
    }

    @Test
    void theRivalsAloneAreMeasuredInAllThatThereIsOfThem() {
        assertEquals(
                List.of("holder", "cut", "away"),
                TroubleOptions.of("--contenders", "redissonLock").kinds());
    }

    @Test
    void oursIsMeasuredInOneKind() {
        assertEquals(
                List.of("upstream"), TroubleOptions.of("--only", "upstream").kinds());
    }
}
