package dev.getorcreate.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuardReferenceTest {

    @TempDir
    private Path folder;

    private Path file() throws Exception {
        return Files.writeString(folder.resolve("guard.json"), """
                {"margin": 0.25, "measuredOn": {"LocalHit": "a quiet machine", "SharedHit": "another"},
                 "ratios": {"localHitRatio": 0.8, "sharedHitRatio": 1.1}}""");
    }

    @Test
    void itSaysWhatTheMachineDidBeforeAndNotWhatTheMeasurementMadeOfThat() throws Exception {
        Path file = file();
        GuardReference.read(file).replace(Map.of("SharedHit", "a load of 0.1"), Map.of("sharedHitRatio", 1.2));
        assertTrue(Files.readString(file).contains("\"SharedHit\" : \"a load of 0.1\""), Files.readString(file));
    }

    @Test
    void whatWasNotMeasuredStaysAsItIs() throws Exception {
        Path file = file();
        GuardReference.read(file).replace(Map.of("SharedHit", "a load of 0.1"), Map.of("sharedHitRatio", 1.2));
        GuardReference read = GuardReference.read(file);
        assertEquals(1.2, read.ratio("sharedHitRatio"));
        assertEquals(0.8, read.ratio("localHitRatio"));
        assertEquals(0.25, read.margin());
        assertTrue(Files.readString(file).contains("a quiet machine"));
    }

    @Test
    void whatItDoesNotHaveIsNoNumber() throws Exception {
        assertEquals(Double.NaN, GuardReference.read(file()).ratio("sharedThroughputRatio"));
    }
}
