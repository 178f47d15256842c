package dev.getorcreate.proof.readme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.proof.interleavings.SixLinesTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The test that the page on the whiteboard shows fails as it says, and the drawing in the docs is the one that is drawn. */
class RaceExampleTest {

    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    @Test
    void theExampleIsTheClassThatRunsAndFindsTheRace() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/whiteboard.md"));
        String source =
                Files.readString(ROOT.resolve("proof/src/test/java/dev/getorcreate/proof/readme/RaceExample.java"));
        String body = source.substring(source.indexOf("import ")).strip();
        assertTrue(page.contains("```java\n" + body + "\n```"), "docs/whiteboard.md must show RaceExample.java");

        AssertionError found = assertThrows(AssertionError.class, () -> new RaceExample().bothGetTheSameUser());
        String drawing = found.getMessage().substring(found.getMessage().indexOf("        A"));
        assertTrue(page.contains("```\n" + drawing + "\n```"), () -> "docs/whiteboard.md does not show:\n" + drawing);
    }

    @Test
    void thePictureInTheDocsIsTheOneThatIsDrawn() throws IOException {
        assertEquals(
                Files.readString(ROOT.resolve("docs/race.svg")),
                SixLinesTest.drawing().svg());
    }
}
