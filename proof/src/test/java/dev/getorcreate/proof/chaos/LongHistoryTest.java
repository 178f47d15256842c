package dev.getorcreate.proof.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One key among many that is wrong, in a history that is read in parts. */
class LongHistoryTest {

    private static final int KEYS = 400;
    private static final long PART = 4_000;

    /** Created at 1000 ms, in the midst of the others. */
    private static final String BAD = "k2.50";

    @TempDir
    private Path folder;

    private static Planted history() {
        Planted history = Planted.empty(true).naive("n/0.9/1").naive("n/1.9/1").inPartsOf(PART);
        for (int i = 0; i < KEYS; i++) {
            String key = "k" + i % 4 + "." + i / 4;
            history.race(key, 500 + 50L * (i / 4) + i % 4);
            if (!key.equals(BAD)) {
                history.row(key + "/0.1/1");
            }
        }
        return history;
    }

    @Test
    void whatIsRightIsAcceptedAndEachKeyCountedOnce() {
        Verdict verdict = history().row(BAD + "/0.1/1").check(folder);
        assertEquals(List.of(), verdict.violations());
        assertEquals(KEYS, (int) verdict.sums().creations);
        assertEquals(KEYS, (int) verdict.sums().contested);
        assertEquals(2 * KEYS, (int) verdict.sums().answers);
    }

    static Stream<Arguments> wrong() {
        String row = BAD + "/0.1/1";
        return Stream.of(
                Arguments.of(Violation.Kind.DUPLICATE, history().row(row).row(BAD + "/1.1/1")),
                Arguments.of(
                        Violation.Kind.WRONG_ANSWER,
                        history().row(row).answered(1, 2, 9000, BAD, "SHARED " + BAD + "/1.5/1")),
                Arguments.of(
                        Violation.Kind.NOT_ONE_CREATED, history().row(row).answered(1, 2, 9000, BAD, "CREATED " + row)),
                Arguments.of(Violation.Kind.STALE, changed().answered(1, 3, 9000, BAD, "LOCAL " + row)),
                Arguments.of(
                        Violation.Kind.CALLER_ERROR,
                        history()
                                .row(row)
                                .at(1, 9000, "CALL 2 " + BAD + " OBTAIN")
                                .at(1, 9001, "ERROR 2 " + BAD + " e")),
                Arguments.of(Violation.Kind.UNANSWERED, history().row(row).at(1, 9000, "CALL 2 " + BAD + " OBTAIN")),
                Arguments.of(
                        Violation.Kind.EXTRA_CREATOR_RUN,
                        history()
                                .row(row)
                                .at(1, 9000, "CREATING 1 " + BAD + " 1.1")
                                .at(1, 9001, "CREATED 1 " + BAD + " 1.1")));
    }

    private static Planted changed() {
        return history()
                .row(BAD + "/0.1/2")
                .at(0, 4000, "CALL 2 " + BAD + " CHANGE")
                .at(0, 4001, "CHANGING 2 " + BAD + " ")
                .at(0, 4002, "COMMITTED 2 " + BAD + " " + BAD + "/0.1/2")
                .at(0, 4003, "INVALIDATING 2 " + BAD + " ")
                .at(0, 4004, "INVALIDATED 2 " + BAD + " CONFIRMED");
    }

    @ParameterizedTest
    @MethodSource
    void wrong(Violation.Kind kind, Planted history) {
        List<Violation> violations = history.check(folder).violations();
        assertEquals(
                List.of(kind + " of " + BAD),
                violations.stream()
                        .map(each -> each.kind() + " of " + each.key())
                        .toList(),
                violations::toString);
    }

    @Test
    void aChangeThatIsSeenInTimeIsAccepted() {
        assertEquals(
                List.of(),
                changed()
                        .answered(1, 2, 4900, BAD, "LOCAL " + BAD + "/0.1/1")
                        .answered(1, 3, 9000, BAD, "LOCAL " + BAD + "/0.1/2")
                        .check(folder)
                        .violations());
    }
}
