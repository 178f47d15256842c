package dev.getorcreate.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.getorcreate.Arbiter;
import dev.getorcreate.ArbiterFailedException;
import dev.getorcreate.Ruling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InMemoryArbiterTest extends ArbiterContract {

    private InMemoryArbiter<String, Entry> table;

    @Override
    protected Arbiter<String, Entry> freshArbiter() {
        table = InMemoryArbiter.withAnotherUnique(Entry::value);
        return table;
    }

    @Override
    protected Arbiter<String, Entry> another() {
        return table;
    }

    @Override
    protected int rows(String key) {
        return table.rows().containsKey(key) ? 1 : 0;
    }

    @Override
    protected void delete(String key) {
        table.delete(key);
    }

    @Test
    void anInjectedFailureHitsOneCallAndChangesNothing() {
        RuntimeException injected = new ArbiterFailedException("injected", null);
        Entry entry = new Entry("a", "1");
        table.failNext(injected);
        assertSame(injected, assertThrows(RuntimeException.class, () -> table.insert("a", entry)));
        assertEquals(Map.of(), table.rows());
        assertEquals(Ruling.created(entry), table.insert("a", entry));
        assertEquals(2, table.inserts());
    }

    @Test
    void whileDownEveryCallFails() {
        table.down(() -> new ArbiterFailedException("down", null));
        assertThrows(ArbiterFailedException.class, () -> table.find("a"));
        assertThrows(ArbiterFailedException.class, () -> table.insert("a", new Entry("a", "1")));
        table.up();
        assertEquals(Optional.empty(), table.find("a"));
        assertEquals(2, table.finds());
    }

    @Test
    void aLostAnswerIsRecoveredWhileTheRowStands() {
        Entry mine = new Entry("a", "1");
        table.loseNextAnswer();
        assertEquals(Ruling.recovered(mine), table.insert("a", mine));
        assertEquals(Ruling.adopted(mine), table.insert("a", new Entry("a", "2")));
    }

    @Test
    void hooksRunAroundTheEffect() {
        List<String> story = new ArrayList<>();
        table.beforeFind(key -> story.add("find " + key));
        table.beforeInsert(key -> story.add("before " + table.rows().size()));
        table.afterInsert(key -> story.add("after " + table.rows().size()));
        table.find("a");
        table.insert("a", new Entry("a", "1"));
        assertEquals(List.of("find a", "before 0", "after 1"), story);
    }
}
