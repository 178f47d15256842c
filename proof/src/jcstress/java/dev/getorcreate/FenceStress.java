package dev.getorcreate;

import dev.getorcreate.spi.TimeSource;
import dev.getorcreate.spi.Vouch;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * What threads see of a flight's words, on the hardware at hand. {@code mark}, {@code result} and a {@link Vouch}'s time
 * are volatile, and cannot become plain unnoticed: their updaters refuse such a field. {@code vouch} is plain, and leans
 * on them.
 */
final class FenceStress {

    private FenceStress() {}

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

    /** The wire tells of a change while the leader lands: whichever is first, nothing is served afterwards. */
    @JCStressTest
    @Outcome(id = "none", expect = Expect.ACCEPTABLE, desc = "The change ended the entry, or kept it from landing.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "An entry outlived its change.")
    @State
    public static class ChangeAgainstLanding {

        private final Flight<String> flight = new Flight<>();

        public ChangeAgainstLanding() {
            flight.answered(new Vouch(10));
        }

        @Actor
        public void wire() {
            flight.changed();
        }

        @Actor
        public void leader() {
            flight.land("v", 20);
        }

        @Arbiter
        public void afterwards(L_Result r) {
            r.r1 = flight.fresh(new Noon()) == null ? "none" : "served";
        }
    }

    /** Who sees that a flight landed sees the word that it stands under, and its value, now and later. */
    @JCStressTest
    @Outcome(id = {"null, null", "null, v", "v, v"}, expect = Expect.ACCEPTABLE, desc = "All of it, or nothing yet.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "A part of it was not seen.")
    @State
    public static class LandingIsSeenWhole {

        private final Flight<String> flight = new Flight<>();
        private final Vouch word = new Vouch(10);
        private final TimeSource noon = new Noon();

        @Actor
        public void wireAndLeader() {
            flight.answered(word);
            flight.land("v", 20);
        }

        @Actor
        public void reader(LL_Result r) {
            r.r1 = flight.fresh(noon);
            r.r2 = flight.fresh(noon);
        }
    }

    /** A PONG extends a word while the loss of its connection ends it: it stays ended. */
    @JCStressTest
    @Outcome(id = "ended", expect = Expect.ACCEPTABLE, desc = "An end is for good.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "A word came back to life.")
    @State
    public static class EndAgainstExtend {

        private final Vouch word = new Vouch(10);

        @Actor
        public void pong() {
            word.extend(20);
        }

        @Actor
        public void loss() {
            word.end();
        }

        @Arbiter
        public void afterwards(L_Result r) {
            r.r1 = word.servableUntil() == Long.MIN_VALUE ? "ended" : "extended";
        }
    }
}
