package dev.getorcreate;

import dev.getorcreate.spi.TimeSource;
import dev.getorcreate.spi.Vouch;
import java.util.concurrent.CompletableFuture;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * One flight under Lincheck: whatever wire, leader, invalidator and readers do at the same time could have been done in
 * some order, one after the other. What each order means is {@code FlightTest}'s to say. In the engine's package, since
 * the flight is nobody else's business.
 */
@Tag("once")
class FlightIT {

    /** What may happen to a flight. The wire is one thread, and so is the leader; the others are any. */
    public static class Operations {

        private final Flight<String> flight = new Flight<>();
        private final Vouch word = new Vouch(10);

        @Operation(nonParallelGroup = "wire")
        public void answered() {
            flight.answered(word);
        }

        @Operation(nonParallelGroup = "wire")
        public boolean changed() {
            return flight.changed();
        }

        @Operation(nonParallelGroup = "leader")
        public boolean land() {
            return flight.land("v", 20);
        }

        @Operation(nonParallelGroup = "leader")
        public void reopen() {
            flight.reopen();
        }

        @Operation
        public void spoil() {
            flight.spoil();
        }

        @Operation
        public @Nullable String fresh() {
            return flight.fresh(new Noon());
        }
    }

    /** The same of one that has read: what comes now may still be kept, or not. */
    public static class AfterReading {

        private final Flight<String> flight = new Flight<>();

        public AfterReading() {
            flight.answered(new Vouch(10));
        }

        @Operation(nonParallelGroup = "wire")
        public boolean changed() {
            return flight.changed();
        }

        @Operation(nonParallelGroup = "leader")
        public boolean land() {
            return flight.land("v", 20);
        }

        @Operation
        public @Nullable String fresh() {
            return flight.fresh(new Noon());
        }
    }

    /** Before every deadline. */
    private static final class Noon implements TimeSource {

        @Override
        public long nanoTime() {
            return 5;
        }

        @Override
        public long epochMillis() {
            return 5;
        }

        @Override
        public boolean await(CompletableFuture<?> future, long until) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<?> after(long delayNanos, Runnable task) {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void allInterleavingsOfAFewThreadsAreOrders() {
        interleavings(2).check(Operations.class);
    }

    @Test
    void whatPassesWhileItLandsIsNotLost() {
        interleavings(3).check(AfterReading.class);
    }

    private static ModelCheckingOptions interleavings(int actors) {
        return new ModelCheckingOptions()
                .threads(3)
                .actorsPerThread(actors)
                .actorsBefore(0)
                .actorsAfter(0)
                .iterations(20)
                .invocationsPerIteration(200);
    }

    @Test
    void underStressItStaysSo() {
        new StressOptions()
                .threads(3)
                .actorsPerThread(3)
                .actorsBefore(0)
                .actorsAfter(0)
                .iterations(20)
                .invocationsPerIteration(2_000)
                .check(Operations.class);
    }
}
