package dev.getorcreate.proof.tla;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** TLC looks at every state of the model: I1 to I7 hold in all of them, and no part of the model is dead. */
@Tag("once")
class ModelIT {

    private static final List<String> CONFIGURATIONS = List.of("Race", "Lost", "Stale", "Joined", "Live");

    @Test
    void thePromisesHoldInEveryStateAndEveryActionIsTaken() {
        Map<String, Long> taken = new TreeMap<>();
        for (String configuration : CONFIGURATIONS) {
            Tlc.Result result = Tlc.check(configuration);
            System.out.println(result.row(configuration));
            assertTrue(result.complete(), result::text);
            assertEquals("none", result.violated());
            assertFalse(result.actions().isEmpty(), result::text);
            result.actions().forEach((action, times) -> taken.merge(action, times, Long::sum));
        }
        System.out.println("actions taken: " + taken);
        assertFalse(taken.containsValue(0L), "an action that is never taken proves nothing: " + taken);
    }
}
