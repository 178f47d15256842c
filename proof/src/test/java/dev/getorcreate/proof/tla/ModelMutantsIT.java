package dev.getorcreate.proof.tla;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A model that cannot fail says nothing: each break of the protocol leads TLC to the promise that it breaks. */
@Tag("matrix")
class ModelMutantsIT {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "Race, no constraint, I1",
                "Race, loser keeps its candidate, I2",
                "Race, joiner says CREATED, I3",
                "Lost, recovered says CREATED, I3",
                "Stale, publish without compare, I4",
                "Stale, publish under a claim never confirmed, I4",
                "Stale, renewal after loss, I4",
                "Joined, invalidate forgets the flights, I4",
                "Stale, no fence, I5",
                "Stale, fence in the caller's thread, I5",
                "Stale, no GET behind the write, I5",
                "Stale, reply of an old epoch stored, I5",
                "Stale, PONG counts from its answer, I5",
                "Stale, deadline from after the find, I5",
                "Joined, stale flight still joined, I5",
                "Live, claims without a lease, I6",
                "Live, waits for pushes only, I6",
                "Live, overdue keeps its claim, I6",
                // No break of the protocol, but the limit that it names: a failover that loses a DEL.
                "Stale, failover loses the DEL, I4",
            })
    void aBreakIsFound(String configuration, String broken, String promise) {
        Tlc.Result result = Tlc.checkBroken(configuration, broken);
        System.out.println(result.row(broken));
        assertEquals(promise, result.violated(), result::text);
    }
}
