package dev.getorcreate.examples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.examples.demo.Schedule.Ask;
import dev.getorcreate.examples.demo.Schedule.Asker;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScheduleTest {

    private static final int PROCESSES = 4;
    private static final int THREADS = 16;

    private static Schedule schedule(long seed, int seconds) {
        return new Schedule(seed, PROCESSES, THREADS, seconds);
    }

    private static List<Ask> asks(Schedule schedule, int process, int thread) {
        List<Ask> asks = new ArrayList<>();
        schedule.asks(process, thread).forEachRemaining(asks::add);
        return asks;
    }

    @Test
    void theSameSeedGivesTheSameTraffic() {
        for (int process = 0; process < PROCESSES; process++) {
            assertEquals(asks(schedule(7, 15), process, 3), asks(schedule(7, 15), process, 3));
        }
    }

    @Test
    void anotherSeedGivesOtherTraffic() {
        assertNotEquals(asks(schedule(7, 15), 0, 3), asks(schedule(8, 15), 0, 3));
    }

    @Test
    void noTwoThreadsPlayTheSame() {
        Schedule schedule = schedule(1, 12);
        List<Long> moments = new ArrayList<>();
        for (int process = 0; process < PROCESSES; process++) {
            for (int thread = 0; thread < THREADS; thread++) {
                asks(schedule, process, thread).forEach(ask -> moments.add(ask.at()));
            }
        }
        assertEquals(moments.size(), new HashSet<>(moments).size(), "to the nanosecond, by chance never");
    }

    @Test
    void aShorterScheduleIsTheBeginningOfALongerOne() {
        Schedule brief = schedule(1, 12);
        Schedule whole = schedule(1, 36);
        IntStream.range(0, brief.keys()).forEach(key -> assertEquals(whole.askers(key), brief.askers(key)));
    }

    @Test
    void aFreshKeyIsAskedForBySeveralProcessesWithinTheWindow() {
        Schedule schedule = schedule(3, 20);
        for (int key = 0; key < schedule.keys(); key++) {
            List<Asker> askers = schedule.askers(key);
            assertTrue(askers.stream().map(Asker::process).distinct().count() >= 2);
            assertTrue(askers.get(askers.size() - 1).at() - askers.get(0).at() <= Schedule.WINDOW);
        }
    }

    @Test
    void everyAskOfAFreshKeyIsPlayedByItsThread() {
        Schedule schedule = schedule(3, 12);
        for (int key = 0; key < schedule.keys(); key += 37) {
            for (Asker asker : schedule.askers(key)) {
                assertTrue(asks(schedule, asker.process(), asker.thread()).contains(new Ask(asker.at(), key)));
            }
        }
    }

    @Test
    void requestsComeInOrderAndMostAreForKeysThatExist() {
        Schedule schedule = schedule(5, 20);
        long all = 0;
        long fresh = 0;
        for (int thread = 0; thread < THREADS; thread++) {
            long last = 0;
            for (Ask ask : asks(schedule, 1, thread)) {
                assertTrue(ask.at() >= last);
                last = ask.at();
                all++;
                long born = schedule.askers(ask.key()).get(0).at();
                assertTrue(ask.at() >= born, "nobody asks for a key before it is fresh");
                fresh += ask.at() - born <= Schedule.WINDOW ? 1 : 0;
            }
        }
        assertTrue(fresh > 0 && fresh * 5 < all, fresh + " of " + all);
    }

    @Test
    void twoProcessesOfOneThreadHaveASchedule() {
        Schedule schedule = new Schedule(1, 2, 1, 12);
        assertEquals(2, schedule.askers(0).size());
    }
}
