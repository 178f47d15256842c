package dev.getorcreate.bench;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class TroubleTeamTest {

    private static TroubleTeam.Told told(String... values) {
        TroubleTeam.Told told = new TroubleTeam.Told();
        told.values.addAll(List.of(values));
        return told;
    }

    @Test
    void whereThereIsATableItsRowIsWhatAllMustBeTold() {
        assertFalse(told("row").isDiffering(List.of("row")));
        assertTrue(told("other").isDiffering(List.of("row")));
        assertTrue(told("row", "other").isDiffering(List.of("row")));
        assertTrue(told("row").isDiffering(List.of()), "what no row has");
    }

    @Test
    void withoutATableAllMustBeToldTheSame() {
        assertFalse(told("one").isDiffering(null));
        assertTrue(told("one", "other").isDiffering(null));
    }
}
