package dev.getorcreate.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.getorcreate.Arbiter;
import dev.getorcreate.Ruling;
import dev.getorcreate.Ruling.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every {@link Arbiter} has to keep. Extend it and give it yours.
 *
 * <p>The place behind it, say a table, is unique on the key and, by a constraint of its own, unique on the value.
 */
@Timeout(120)
public abstract class ArbiterContract {

    /** More than anybody asks for at once. */
    private static final int MANY = 250;

    private static final int RACERS = 8;
    private static final int RACES = 10;

    private Arbiter<String, Entry> arbiter;

    /** The record of the contract. */
    public record Entry(String key, String value) {}

    /** For subclasses. */
    protected ArbiterContract() {}

    /** A new arbiter over a new, empty place. Called before each test. */
    protected abstract Arbiter<String, Entry> freshArbiter() throws Exception;

    /** Another arbiter over the place of the last {@link #freshArbiter()}, as another process would have. */
    protected abstract Arbiter<String, Entry> another() throws Exception;

    /** How many rows the place holds for the key. */
    protected abstract int rows(String key) throws Exception;

    /** Deletes the key's row and commits. */
    protected abstract void delete(String key) throws Exception;

    @BeforeEach
    final void takeFreshArbiter() throws Exception {
        arbiter = freshArbiter();
    }

    @Test
    void anUnknownKeyIsNotFound() {
        assertEquals(Optional.empty(), arbiter.find("a"));
    }

    @Test
    void theFirstInsertIsCreatedAndFromThenOnFoundByEverybody() throws Exception {
        Entry mine = new Entry("a", "1");
        assertEquals(Ruling.created(mine), arbiter.insert("a", mine));
        assertEquals(Optional.of(mine), arbiter.find("a"));
        assertEquals(Optional.of(mine), another().find("a"));
        assertEquals(1, rows("a"));
    }

    @Test
    void aLaterInsertAdoptsTheRowThatStands() throws Exception {
        Entry winner = new Entry("a", "1");
        arbiter.insert("a", winner);
        assertEquals(Ruling.adopted(winner), another().insert("a", new Entry("a", "2")));
        assertEquals(Ruling.adopted(winner), arbiter.insert("a", new Entry("a", "3")));
        assertEquals(Optional.of(winner), arbiter.find("a"));
        assertEquals(1, rows("a"));
    }

    @Test
    void ofRacingInsertsExactlyOneIsCreatedAndAllOthersAdoptItsRow() throws Exception {
        List<Arbiter<String, Entry>> arbiters = List.of(arbiter, another());
        ExecutorService pool = Executors.newFixedThreadPool(RACERS);
        try {
            for (int race = 0; race < RACES; race++) {
                String key = "race-" + race;
                CyclicBarrier start = new CyclicBarrier(RACERS);
                List<Future<Ruling<Entry>>> answers = new ArrayList<>();
                for (int racer = 0; racer < RACERS; racer++) {
                    Arbiter<String, Entry> mine = arbiters.get(racer % arbiters.size());
                    Entry candidate = new Entry(key, key + " by " + racer);
                    answers.add(pool.submit(() -> {
                        start.await(30, TimeUnit.SECONDS);
                        return mine.insert(key, candidate);
                    }));
                }
                judge(key, answers);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private void judge(String key, List<Future<Ruling<Entry>>> answers) throws Exception {
        List<Verdict> verdicts = new ArrayList<>();
        Set<Entry> winners = new HashSet<>();
        for (Future<Ruling<Entry>> answer : answers) {
            Ruling<Entry> ruling = answer.get(60, TimeUnit.SECONDS);
            verdicts.add(ruling.verdict());
            winners.add(ruling.winner());
        }
        verdicts.sort(null);
        List<Verdict> expected = new ArrayList<>(List.of(Verdict.CREATED));
        while (expected.size() < RACERS) {
            expected.add(Verdict.ADOPTED);
        }
        assertEquals(expected, verdicts);
        assertEquals(Set.of(arbiter.find(key).orElseThrow()), winners);
        assertEquals(1, rows(key));
    }

    @Test
    void keysThatLookAlikeAreDifferentKeys() {
        List<String> keys =
                List.of("a", "A", "a ", " a", "ä", "a\u0308", "'a'", "a\"b", "a%", "a_", "日本", "\\a", "a\nb");
        for (String key : keys) {
            Entry entry = new Entry(key, "of <" + key + '>');
            assertEquals(Ruling.created(entry), arbiter.insert(key, entry));
        }
        for (String key : keys) {
            assertEquals(Optional.of(new Entry(key, "of <" + key + '>')), arbiter.find(key));
        }
    }

    @Test
    void aViolationOfAnotherConstraintIsAnErrorAndNobodyGotThereFirst() throws Exception {
        Entry first = new Entry("a", "taken");
        arbiter.insert("a", first);
        assertThrows(RuntimeException.class, () -> arbiter.insert("b", new Entry("b", "taken")));
        assertEquals(Optional.empty(), arbiter.find("b"));
        assertEquals(0, rows("b"));
        Entry second = new Entry("b", "free");
        assertEquals(Ruling.created(second), arbiter.insert("b", second));
    }

    @Test
    void whereBothConstraintsAreViolatedTheKeysRowOrAnErrorIsTheAnswer() {
        Entry standing = new Entry("a", "1");
        arbiter.insert("a", standing);
        arbiter.insert("b", new Entry("b", "2"));
        // Which of the two is reported is the database's affair. An arbiter may know only that one of them is another
        // constraint's; but a row of another key must never be the answer.
        try {
            assertEquals(Ruling.adopted(standing), arbiter.insert("a", new Entry("a", "2")));
        } catch (RuntimeException e) {
            assertEquals(Optional.of(standing), arbiter.find("a"), e::toString);
        }
    }

    @Test
    void ofManyKeysThoseThatHaveARowAreFound() {
        Map<String, Entry> there = new LinkedHashMap<>();
        for (int i = 0; i < MANY; i++) {
            there.put("k" + i, new Entry("k" + i, "v" + i));
        }
        Map<String, Ruling<Entry>> rulings = arbiter.insertAll(there);
        assertEquals(there.keySet(), rulings.keySet());
        there.forEach((key, entry) -> assertEquals(Ruling.created(entry), rulings.get(key)));
        List<String> asked = new ArrayList<>(there.keySet());
        asked.addAll(List.of("K1", "k1 ", "none", "k1"));
        assertEquals(there, arbiter.findAll(asked));
        assertEquals(Map.of(), arbiter.findAll(List.of("none", "nobody")));
        assertEquals(Map.of(), arbiter.findAll(List.of()));
        assertEquals(Map.of(), arbiter.insertAll(Map.of()));
    }

    @Test
    void ofManyCandidatesEachHasARulingOfItsOwn() throws Exception {
        Entry standing = new Entry("b", "theirs");
        arbiter.insert("b", standing);
        Map<String, Entry> candidates = new LinkedHashMap<>();
        for (String key : List.of("a", "b", "c")) {
            candidates.put(key, new Entry(key, "mine " + key));
        }
        Map<String, Ruling<Entry>> rulings = arbiter.insertAll(candidates);
        assertEquals(Ruling.created(new Entry("a", "mine a")), rulings.get("a"));
        assertEquals(Ruling.adopted(standing), rulings.get("b"));
        assertEquals(Ruling.created(new Entry("c", "mine c")), rulings.get("c"));
        for (String key : candidates.keySet()) {
            assertEquals(1, rows(key));
        }
    }

    @Test
    void aDeletedRowIsGoneAndMayBeCreatedAnew() throws Exception {
        arbiter.insert("a", new Entry("a", "1"));
        delete("a");
        assertEquals(Optional.empty(), arbiter.find("a"));
        Entry anew = new Entry("a", "2");
        assertEquals(Ruling.created(anew), arbiter.insert("a", anew));
    }

    @Test
    @SuppressWarnings("NullAway") // the wrong use is what is tested
    void aNullKeyIsRefused() {
        assertThrows(RuntimeException.class, () -> arbiter.find(null));
        assertThrows(RuntimeException.class, () -> arbiter.insert(null, new Entry("a", "1")));
    }
}
