package dev.getorcreate.proof.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** What a test of the checker needs: histories are judged read at once, and in parts. */
abstract class Judging {

    private static final long SMALL_PART = 100;

    @TempDir
    Path folder;

    void accepts(Planted history) {
        assertEquals(List.of(), history.check(folder).violations());
        assertEquals(List.of(), history.inPartsOf(SMALL_PART).check(folder).violations());
    }

    void rejects(Planted history, Violation.Kind kind) {
        rejectsWhatItReads(history, kind);
        rejectsWhatItReads(history.inPartsOf(SMALL_PART), kind);
    }

    private void rejectsWhatItReads(Planted history, Violation.Kind kind) {
        List<Violation> violations = history.check(folder).violations();
        assertEquals(
                List.of(kind),
                violations.stream().map(Violation::kind).distinct().toList(),
                violations::toString);
    }
}
