package dev.getorcreate.proof.chaos;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** The checker must accept what is right, or it would be silenced; and see each thing that is wrong, or it proves nothing. */
class CheckerTest extends Judging {

    /** When a failover that ends at 3950 is no longer felt. */
    private static final long AFTER_FAILOVER = 3950 + Planted.AFTERMATH.toMillis();

    @Test
    void aGoodHistoryIsAcceptedAndCounted() {
        accepts(Planted.good(true));
        String json = Planted.good(true).check(folder).json();
        assertTrue(json.contains("\"creations\":1,\"contested\":1,\"undisturbed\":1,\"duplicates\":0,"), json);
        assertTrue(json.contains("\"naiveDuplicates\":1,\"creatorRuns\":1,\"extraCreatorRuns\":0,"), json);
        accepts(Planted.good(false));
    }

    @Test
    void aSecondRowIsRejected() {
        rejects(Planted.good(true).row("k/1.1/1"), Violation.Kind.DUPLICATE);
        rejects(Planted.good(false).row("k/1.1/1"), Violation.Kind.DUPLICATE);
    }

    /** Where nothing but the claim keeps the rows apart, a lost claim is what nobody promises to survive. */
    @Test
    void aSecondRowIsExcusedByAFaultOnlyWithoutAnArbiter() {
        accepts(flushed(Planted.good(false)));
        rejects(flushed(Planted.good(true)), Violation.Kind.DUPLICATE);
    }

    /** And a key that was created later, without a fault. */
    private static Planted flushed(Planted history) {
        return history.row("k/1.1/1")
                .fault("flushAll", Fault.EVERYBODY, 110, 111)
                .race("later", 5000)
                .row("later/0.1/1");
    }

    @Test
    void twoCallersWhoAreToldThatTheyCreatedTheRowAreRejected() {
        rejects(Planted.good(true).edit(line -> line.replace("WAITED", "CREATED")), Violation.Kind.NOT_ONE_CREATED);
    }

    @Test
    void aRowThatNobodyWasToldToHaveCreatedIsRejected() {
        rejects(
                Planted.good(true).edit(line -> line.replace("ANSWER 1 k CREATED", "ANSWER 1 k RECOVERED")),
                Violation.Kind.NOT_ONE_CREATED);
    }

    @Test
    void whoCreatedARowMayNotLearnItIfAFaultCameBeforeHisAnswer() {
        Planted lost = Planted.good(true).edit(line -> line.replace("ANSWER 1 k CREATED", "ANSWER 1 k RECOVERED"));
        rejects(lost.fault("cut", 0, 121, 121), Violation.Kind.NOT_ONE_CREATED);
        accepts(lost.fault("cut", 0, 119, 119).race("later", 5000).row("later/0.1/1"));
    }

    @Test
    void whoWasKilledBeforeHeWasToldTakesItWithHim() {
        Planted lost = Planted.good(true).edit(line -> line.replace("ANSWER 1 k CREATED k/0.1/1", "READ 1 k -"));
        rejects(lost, Violation.Kind.UNANSWERED);
        accepts(lost.killed(0, "")
                .fault(Fault.KILL, 0, 119, 119)
                .race("later", 5000)
                .row("later/0.1/1"));
    }

    @Test
    void anOldVersionLongAfterAConfirmedInvalidationIsRejected() {
        rejects(Planted.good(true).answered(1, 4, 4005, "k", "LOCAL k/0.1/1"), Violation.Kind.STALE);
        rejects(Planted.good(true).answered(1, 4, 4005, "k", "WAITED k/0.1/1"), Violation.Kind.STALE);
        rejects(Planted.good(true).answered(1, 4, 4005, "k", "FIND k/0.1/1"), Violation.Kind.STALE);
        accepts(Planted.good(true).answered(1, 4, 4004, "k", "LOCAL k/0.1/1"));
    }

    /** It was asked in time, and answered late. */
    @Test
    void aCallThatBeganBeforeTheBoundMayBeToldTheOldVersion() {
        accepts(Planted.good(true).at(1, 3900, "CALL 4 k OBTAIN").at(1, 7000, "ANSWER 4 k LOCAL k/0.1/1"));
    }

    @Test
    void anOldVersionInTheInvalidatingProcessIsRejectedAtOnceEvenWhileItIsPending() {
        rejects(Planted.good(true).answered(0, 4, 3005, "k", "LOCAL k/0.1/1"), Violation.Kind.STALE);
        Planted pending = Planted.good(true).edit(line -> line.replace("CONFIRMED", "PENDING"));
        rejects(pending.answered(0, 4, 3005, "k", "LOCAL k/0.1/1"), Violation.Kind.STALE);
    }

    @Test
    void anOldVersionThatIsReadFromTheSharedStoreAfterItsInvalidationWasConfirmedIsRejected() {
        rejects(Planted.good(true).answered(1, 4, 3005, "k", "SHARED k/0.1/1"), Violation.Kind.STALE);
    }

    @Test
    void anOldVersionThatIsReadFromTheRowIsRejected() {
        rejects(Planted.good(true).answered(1, 4, 3003, "k", "FOUND k/0.1/1"), Violation.Kind.STALE);
    }

    @Test
    void anInvalidationThatWasPendingMustHaveArrivedWhenAllIsQuiet() {
        Planted pending = Planted.good(true)
                .edit(line -> line.replace("CONFIRMED", "PENDING"))
                .quietAt(8000)
                .answered(1, 4, 7000, "k", "LOCAL k/0.1/1");
        accepts(pending);
        rejects(pending.answered(1, 5, 8001, "k", "LOCAL k/0.1/1"), Violation.Kind.STALE);
    }

    /** Limits to state: the replica that takes over may not have the delete. */
    @Test
    void anInvalidationDuringAFailoverMayBeForgottenUntilItIsSentAgainAndOneDuringAnotherFaultMayNot() {
        Planted stale = Planted.good(true).answered(1, 4, 4100, "k", "LOCAL k/0.1/1");
        rejects(stale.fault("redisFreeze", Fault.EVERYBODY, 2900, 3050), Violation.Kind.STALE);
        accepts(stale.fault(Topology.UPSTREAM_KILL, Fault.EVERYBODY, 3010, 3950));
        rejects(stale.answered(1, 5, AFTER_FAILOVER + 1, "k", "LOCAL k/0.1/1"), Violation.Kind.STALE);
        accepts(stale.fault(Topology.FAILOVER, Fault.EVERYBODY, AFTER_FAILOVER - 1, AFTER_FAILOVER));
    }

    @Test
    void anInvalidationThatAFailoverLostStaysLostIfItsProcessDied() {
        accepts(Planted.good(true)
                .killed(0, "")
                .fault(Topology.UPSTREAM_KILL, Fault.EVERYBODY, 3010, 3950)
                .answered(1, 4, AFTER_FAILOVER + 1, "k", "LOCAL k/0.1/1"));
    }

    @Test
    void anAnswerThatIsNotTheRowIsRejected() {
        rejects(Planted.good(true).answered(1, 4, 5000, "k", "SHARED k/1.5/2"), Violation.Kind.WRONG_ANSWER);
        rejects(Planted.good(true).answered(1, 4, 5000, "k", "SHARED other/0.1/2"), Violation.Kind.WRONG_ANSWER);
        rejects(Planted.good(true).answered(1, 4, 5000, "k", "SHARED k/0.1/3"), Violation.Kind.WRONG_ANSWER);
        rejects(Planted.good(true).answered(1, 4, 5000, "k", "SHARED rubbish"), Violation.Kind.WRONG_ANSWER);
        rejects(Planted.good(true).answered(1, 4, 2000, "k", "SHARED k/0.1/2"), Violation.Kind.WRONG_ANSWER);
    }

    /** The row was there from 118 on. */
    @Test
    void toBeToldThatThereIsNoneIsRejectedIfTheRowWasThereBeforeTheCall() {
        rejects(toldNone(Planted.good(true), "FIND", 119), Violation.Kind.WRONG_ANSWER);
        rejects(toldNone(Planted.good(true), "CHANGE", 5000), Violation.Kind.WRONG_ANSWER);
        accepts(toldNone(Planted.good(true), "FIND", 117));
        accepts(toldNone(Planted.good(false), "FIND", 119));
    }

    /** Who inserted it was killed before he wrote that down. */
    @Test
    void toBeToldThatThereIsNoneIsRejectedIfTheRowHadBeenChangedBeforeTheCall() {
        Planted lost = Planted.good(true).edit(line -> line.replace("INSERTED 1 k CREATED k/0.1/1", "READ 1 k -"));
        accepts(toldNone(lost, "FIND", 3001));
        rejects(toldNone(lost, "FIND", 3003), Violation.Kind.WRONG_ANSWER);
    }

    private static Planted toldNone(Planted history, String op, long from) {
        return history.at(1, from, "CALL 4 k " + op).at(1, from + 3, "EMPTY 4 k ");
    }

    @Test
    void aSecondCreatorRunIsRejectedUnlessAFaultOfACallerIsNear() {
        Planted twice = extraRun();
        rejects(twice, Violation.Kind.EXTRA_CREATOR_RUN);
        Planted elsewhere = extraRun().fault("cut", 2, 110, 111);
        rejects(elsewhere, Violation.Kind.EXTRA_CREATOR_RUN);
        Planted after = extraRun().fault("cut", 1, 140, 141);
        rejects(after, Violation.Kind.EXTRA_CREATOR_RUN);
        accepts(extraRun().fault("cut", 1, 110, 111).race("later", 5000).row("later/0.1/1"));
    }

    private static Planted extraRun() {
        return Planted.good(true).at(1, 108, "CREATING 1 k 1.1").at(1, 120, "CREATED 1 k 1.1");
    }

    @Test
    void aProcessThatGotNoTimeFromTheMachineExcusesAnExtraRun() {
        accepts(extraRun().at(1, 115, "STALL 0 - 300000000").race("later", 5000).row("later/0.1/1"));
    }

    /** The record lives in the shared store alone, and it was told to forget it. */
    @Test
    void withoutAnArbiterARunAfterAnInvalidationIsNoExtraOne() {
        accepts(Planted.good(false).at(1, 4500, "CREATING 3 k 1.1").at(1, 4501, "CREATED 3 k 1.1"));
        rejects(
                Planted.good(true).at(1, 4500, "CREATING 3 k 1.1").at(1, 4501, "CREATED 3 k 1.1"),
                Violation.Kind.EXTRA_CREATOR_RUN);
    }

    @Test
    void anErrorIsRejectedWithAnArbiterWhateverHappenedAndWithoutOneUnlessAFaultIsNear() {
        rejects(failing(Planted.good(true)), Violation.Kind.CALLER_ERROR);
        rejects(failing(Planted.good(true)).fault("redisRestart", -1, 5999, 6500), Violation.Kind.CALLER_ERROR);
        rejects(failing(Planted.good(false)), Violation.Kind.CALLER_ERROR);
        accepts(failing(Planted.good(false)).fault("redisRestart", -1, 5999, 6500));
    }

    private static Planted failing(Planted history) {
        return history.at(1, 6000, "CALL 4 k OBTAIN").at(1, 6001, "ERROR 4 k SharedStoreUnavailableException: away");
    }

    @Test
    void aLastLineThatIsTornDidNotHappen() {
        accepts(Planted.good(true).fault(Fault.KILL, 1, 6001, 6002).killed(1, "6000000000 ANSWER 4 k LOC"));
        accepts(Planted.good(true).fault(Fault.KILL, 1, 6001, 6002).killed(1, "6000000000 ANSWER 4 k LOCAL k/9.9/9"));
    }

    @Test
    void aRunInWhichNobodyRacedProvesNothing() {
        rejects(
                Planted.good(true).edit(line -> line.replace("102000000 CALL", "117000000 CALL")),
                Violation.Kind.PROVES_NOTHING);
    }

    @Test
    void aRunInWhichEveryCreationWasDisturbedProvesNothing() {
        rejects(Planted.good(true).fault("cut", 0, 100, 101), Violation.Kind.PROVES_NOTHING);
    }

    @Test
    void aRunWithoutAFaultProvesNothing() {
        rejects(Planted.good(true).faultless(), Violation.Kind.PROVES_NOTHING);
    }

    @Test
    void aRunInWhichTheNaiveControlHadLuckProvesNothing() {
        rejects(Planted.good(true).naiveWasLucky(), Violation.Kind.PROVES_NOTHING);
    }

    @Test
    void aHistoryThatWasNotWrittenToItsEndIsNoHistory() throws IOException {
        assertThrows(IOException.class, () -> History.read(folder));
        Planted.good(true).write(folder);
        Files.writeString(folder.resolve(History.ROWS), "k/0.1/2\n");
        assertThrows(IOException.class, () -> History.read(folder));
    }

    @Test
    void theStoryOfAKeyTellsWhatEverybodyDidAndWhatWasDoneToThem() {
        Planted.good(true).fault("cut", 1, 3400, 3450).write(folder);
        try {
            String story;
            try (History history = History.read(folder)) {
                story = String.join("\n", Story.of(history, "k"));
            }
            assertTrue(story.contains("process 0 call 1: INSERTED CREATED k/0.1/1"), story);
            assertTrue(story.contains("process 1 call 2: ANSWER LOCAL k/0.1/1"), story);
            assertTrue(story.contains("*** cut of process 1 begins"), story);
            assertTrue(story.endsWith("the rows in the end: [k/0.1/2]"), story);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
