package dev.getorcreate.proof.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.getorcreate.testkit.PostgresServer;
import dev.getorcreate.testkit.Servers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A short run of {@code ./chaos}, with a fixed seed. */
class ChaosIT {

    private static final Path KEPT = Path.of("target", "chaos");

    @BeforeAll
    static void servers() {
        Servers.need("PostgreSQL", () -> {
            PostgresServer.whyUnavailable().ifPresent(why -> {
                throw new Servers.Unavailable(why);
            });
            return "available";
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--no-arbiter"})
    void underFaultsNothingIsViolatedAndTheNaiveControlMakesDuplicates(String arbiter) throws Exception {
        List<String> line = new ArrayList<>(List.of("--processes", "3", "--threads", "3", "--seconds", "10"));
        if (!arbiter.isEmpty()) {
            line.add(arbiter);
        }
        List<String> told = Collections.synchronizedList(new ArrayList<>());
        Verdict verdict = new Chaos(told::add).play(Options.parse(line, 12), KEPT);
        assertEquals(List.of(), verdict.violations(), () -> String.join("\n", told));
    }
}
