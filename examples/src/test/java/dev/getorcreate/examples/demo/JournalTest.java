package dev.getorcreate.examples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

    @TempDir
    private Path folder;

    @Test
    void whatWasWrittenIsReadWithoutAnybodyClosingIt() throws Exception {
        Path file = folder.resolve("a.journal");
        Journal journal = Journal.create(file, 100);
        Caller caller = new Caller(5, () -> journal.write(Event.Kind.CREATE, Event.YES, 42, 1_000, 5_000, -7));
        caller.start();
        caller.join();
        journal.write(Event.Kind.GET, Event.HELD, 43, 6_000, 7_000, 0);
        assertEquals(
                List.of(
                        new Event(2, 5, Event.Kind.CREATE, Event.YES, 42, 1_000, 5_000, -7),
                        new Event(2, Caller.NOBODY, Event.Kind.GET, Event.HELD, 43, 6_000, 7_000, 0)),
                Journal.read(file, 2));
    }

    @Test
    void keysOutsideOfTheScheduleLeaveNoTrace() throws IOException {
        Path file = folder.resolve("b.journal");
        Journal journal = Journal.create(file, 100);
        journal.write(Event.Kind.GET, Event.NO, Names.number(Worker.WARM_UP + "0-1-2"), 1, 2, 0);
        assertEquals(List.of(), Journal.read(file, 0));
    }

    @Test
    void aFullJournalSaysSoInsteadOfForgetting() throws IOException {
        Journal journal = Journal.create(folder.resolve("c.journal"), 1);
        journal.write(Event.Kind.GET, Event.NO, 1, 1, 2, 0);
        assertThrows(IllegalStateException.class, () -> journal.write(Event.Kind.GET, Event.NO, 1, 1, 2, 0));
    }
}
