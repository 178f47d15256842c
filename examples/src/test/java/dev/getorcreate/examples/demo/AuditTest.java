package dev.getorcreate.examples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.Source;
import dev.getorcreate.examples.demo.Event.Kind;
import dev.getorcreate.examples.demo.Faults.Fault;
import dev.getorcreate.examples.demo.Schedule.Asker;
import java.util.List;
import org.junit.jupiter.api.Test;

class AuditTest {

    private static final Asker FIRST = Runs.asker(0);
    private static final Asker SECOND = Runs.asker(1);

    private static Figures figures(Runs run) {
        return new Audit(run.recorded()).figures();
    }

    private static Faults.Log log(Fault... faults) {
        return new Faults.Log(List.of(faults), -1, -1, 0, null);
    }

    private static Runs oneRecord() {
        return new Runs(Mode.CURED).creates(FIRST, 0, "a").answer(SECOND, Source.WAITED, 1, 8, "a");
    }

    @Test
    void oneRowOneRunAndEqualAnswersAreSound() {
        Figures figures = figures(oneRecord());
        assertEquals(List.of(), figures.problems());
        assertEquals(1, figures.from(Source.WAITED));
        assertEquals(7_000_000, figures.creation().at(0.5));
    }

    @Test
    void twoRowsAreADuplicate() {
        Figures figures = figures(new Runs(Mode.NAIVE).creates(FIRST, 0, "a").creates(SECOND, 3, "b"));
        assertEquals(1, figures.duplicates());
        assertEquals(2, figures.oneIn());
        assertEquals(1, figures.wrongAnswers(), "the second caller holds what is not the first row");
        assertFalse(figures.problems().isEmpty());
    }

    @Test
    void anAnswerThatIsNotTheRowIsWrong() {
        assertEquals(
                1, figures(oneRecord().answer(SECOND, Source.LOCAL, 9, 10, "b")).wrongAnswers());
    }

    @Test
    void aSecondCallerWhoIsToldCreatedIsFound() {
        Figures figures = figures(oneRecord().answer(SECOND, Source.CREATED, 9, 10, "a"));
        assertEquals(1, figures.createdTwice());
        assertFalse(figures.problems().isEmpty());
    }

    @Test
    void aSecondCreatorRunIsFoundThoughTheConstraintHidesItsRow() {
        Figures figures = figures(oneRecord().event(SECOND, Kind.CREATING, Event.YES, 2, 2, "b"));
        assertEquals(List.of(Runs.KEY), figures.notOneRun());
        assertFalse(figures.problems().isEmpty());
    }

    @Test
    void aFlushBetweenRequestAndAnswerExcusesASecondRun() {
        Runs run = oneRecord()
                .event(SECOND, Kind.CREATING, Event.YES, 2, 2, "b")
                .faults(log(new Fault("flush", Fault.EVERYBODY, 3_000_000, 3_100_000)));
        assertEquals(List.of(), figures(run).notOneRun());
        assertEquals(1, figures(run).exempt());
    }

    @Test
    void aFaultAfterTheFirstAnswerExcusesNothing() {
        Runs run = oneRecord()
                .event(SECOND, Kind.CREATING, Event.YES, 12, 12, "b")
                .faults(log(new Fault("flush", Fault.EVERYBODY, 8_000_000, 20_000_000)));
        assertEquals(List.of(Runs.KEY), figures(run).notOneRun());
    }

    @Test
    void aFreezeOfAProcessThatHadNothingToDoWithTheKeyExcusesNothing() {
        Runs run = oneRecord()
                .event(SECOND, Kind.CREATING, Event.YES, 2, 2, "b")
                .faults(log(new Fault("freeze", 9, 1_000_000, 5_000_000)));
        assertEquals(List.of(Runs.KEY), figures(run).notOneRun());
    }

    @Test
    void aKeyWithoutARowAndARowWithoutAKeyAreFound() {
        assertEquals(
                1,
                figures(new Runs(Mode.CURED).answer(FIRST, Source.FOUND, 0, 1, "a"))
                        .keysWithoutRow());
        assertEquals(1, figures(new Runs(Mode.CURED).row("a")).keysWithoutRow());
    }

    @Test
    void theKilledProcesssKeyIsServedWithTheFirstAnswerElsewhere() {
        Faults.Log killed = new Faults.Log(List.of(), FIRST.process(), Runs.KEY, 2_000_000, null);
        Runs run = new Runs(Mode.CURED)
                .event(FIRST, Kind.CREATING, Event.YES, 0, 0, "a")
                .faults(killed);
        assertTrue(figures(run).problems().contains("cured: the killed process's key was never served"));
        assertEquals(
                9_000_000,
                figures(run.answer(SECOND, Source.CREATED, 1, 11, "b").row("b")).served());
    }
}
