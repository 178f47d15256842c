package dev.getorcreate.examples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.Source;
import dev.getorcreate.examples.demo.Event.Kind;
import dev.getorcreate.examples.demo.Schedule.Asker;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class StoryTest {

    private static final Asker FIRST = Runs.asker(0);
    private static final Asker SECOND = Runs.asker(1);

    private static Run.Recorded naive() {
        return new Runs(Mode.NAIVE)
                .creates(FIRST, 10, "a")
                .creates(SECOND, 13, "b")
                .recorded();
    }

    private static Run.Recorded cured() {
        return new Runs(Mode.CURED)
                .event(FIRST, Kind.CLAIM, Event.YES, 10, 10, "")
                .creates(FIRST, 10, "a")
                .event(SECOND, Kind.GET, Event.HELD, 13, 14, "")
                .event(SECOND, Kind.WAIT, Event.YES, 14, 17, "")
                .answer(SECOND, Source.WAITED, 13, 18, "a")
                .recorded();
    }

    private static StoryPicker.Pair best() {
        return Objects.requireNonNull(new StoryPicker(naive(), cured()).best());
    }

    @Test
    void onlyKeysWithMoreThanOneRowAreDuplicates() {
        assertEquals(List.of(Runs.KEY), List.copyOf(StoryPicker.duplicated(naive().rows())));
        assertEquals(List.of(), List.copyOf(StoryPicker.duplicated(cured().rows())));
        assertNull(new StoryPicker(cured(), null).best(), "nothing is invented where nothing happened");
    }

    @Test
    void aStoryHasTheCallersAndTheGapFromTheFirstLookToItsSet() {
        Story story = best().naive();
        assertEquals(
                List.of(0L, 3_000_000L),
                story.lanes().stream().map(Story.Lane::from).toList());
        assertEquals(
                List.of(1L, 2L), story.lanes().stream().map(Story.Lane::row).toList());
        assertEquals(new Story.Span(0, 7_000_000), story.decided());
        assertEquals(
                List.of("get: miss", "create", "insert", "set"),
                story.lanes().get(0).steps().stream().map(Story.Step::label).toList());
    }

    @Test
    void theCuredStoryHasTheSameCallersAndOneRow() {
        Story story = Objects.requireNonNull(best().cured());
        assertEquals(1, story.rows());
        assertEquals(
                best().naive().lanes().stream().map(Story.Lane::name).toList(),
                story.lanes().stream().map(Story.Lane::name).toList());
        assertEquals(Source.WAITED, story.lanes().get(1).source());
    }

    @Test
    void aCallerWithoutAnAnswerMakesNoStory() {
        Run.Recorded run = new Runs(Mode.NAIVE).creates(FIRST, 10, "a").recorded();
        assertNull(Story.of(run, run.events(), Runs.KEY));
    }

    @Test
    void theTextBoardDrawsStepsWhereTheyHappened() {
        String drawn = TextBoard.draw(best(), false);
        List<String> lines = drawn.lines().toList();
        String lane = lines.stream()
                .filter(line -> line.contains(best().naive().lanes().get(1).name()))
                .findFirst()
                .orElseThrow();
        // 3 of 10 ms after the first: at three tenths of the width, behind the names.
        assertEquals(24 + TextBoard.WIDTH * 3 / 10, lane.indexOf('░'));
        assertTrue(lane.endsWith("row 2 CREATED"), lane);
        assertTrue(drawn.contains("the gap, 7.0 ms"), drawn);
        assertTrue(lines.stream().noneMatch(line -> line.length() > 130), drawn);
    }

    @Test
    void ticksAreWholeMillisecondsAndFew() {
        for (long length : new long[] {500_000, 3_000_000, 9_000_000, 40_000_000, 2_500_000_000L}) {
            long tick = TextBoard.tick(length);
            assertEquals(0, tick % 1_000_000);
            assertTrue(length / tick <= 6, length + " in steps of " + tick);
        }
    }

    @Test
    void thePageNeedsNothingElseAndLeavesNoPlaceholder() throws IOException {
        List<Figures> figures = List.of(new Audit(naive()).figures(), new Audit(cured()).figures());
        String page = new HtmlPage(best(), figures, Options.DEFAULT).html();
        assertNotNull(best().cured());
        assertEquals(-1, page.indexOf("{{"));
        assertEquals(-1, page.indexOf("http"), "nothing is loaded from anywhere");
        assertTrue(page.contains("the gap: 7.0 ms between get and set"));
        assertTrue(page.contains("SET NX: one atomic step decides"));
        assertEquals(1, page.split("class=\"look\"", -1).length - 1, "one caller looked into the gap");
    }
}
