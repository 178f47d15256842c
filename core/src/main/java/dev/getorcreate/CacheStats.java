package dev.getorcreate;

import java.util.Map;

/**
 * What a cache has done since it was built: counters that only grow, and {@code localSize}.
 *
 * @param answers answers given, by where they came from
 * @param creatorRuns creators started
 * @param creatorNanos nanoseconds spent in creators, those that failed included
 * @param failures calls that ended with an exception
 * @param conflictsAdopted candidates dropped because another's row stood there
 * @param claimsLost claims whose renewal was refused while the creator ran
 * @param publishesRejected records that were not published since the claim was no longer ours
 * @param oversized records that were returned but cached nowhere, since the shared store takes none so large
 * @param overdue creators that took longer than {@code maxCreationTime}
 * @param pollsThatFound polls that found a change which the shared store had not told of; in health, 0
 * @param sharedStoreErrors shared store requests that failed or timed out
 * @param undecodable payloads that were read and are no record of this cache; whoever creates writes over them
 * @param invalidationsUnconfirmed invalidations that the shared store did not confirm: it was away, or refused. They are sent
 *     again; until then others may serve what was invalidated. What a caller's transaction changed counts when that has
 *     committed
 * @param localSize about how many keys the local store holds
 */
public record CacheStats(
        Map<Source, Long> answers,
        long creatorRuns,
        long creatorNanos,
        long failures,
        long conflictsAdopted,
        long claimsLost,
        long publishesRejected,
        long oversized,
        long overdue,
        long pollsThatFound,
        long sharedStoreErrors,
        long undecodable,
        long invalidationsUnconfirmed,
        long localSize) {

    /** Answers from one source. */
    public long answers(Source source) {
        return answers.getOrDefault(source, 0L);
    }
}
