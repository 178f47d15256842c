package dev.getorcreate.micrometer;

import dev.getorcreate.CacheStats;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Source;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * The meters of one cache in one registry. They read {@link GetOrCreateCache#stats()} when the registry is scraped, once
 * per meter; a call of the cache pays nothing for them, and no hit is timed.
 *
 * <p>Every meter has the tag {@code cache}, the cache's name; none has a key. Where Micrometer has a convention it is
 * kept, so that a dashboard made for another cache shows this one:
 *
 * <table>
 * <caption>Meters</caption>
 * <tr><th>name</th><th>kind</th><th>what</th></tr>
 * <tr><td>{@code cache.gets}, tag {@code result}</td><td>counter</td><td>{@code hit}: answered by a record that this
 *     process or the shared store held; {@code miss}: every other call, those that failed included. A {@code find} that
 *     found nothing is neither</td></tr>
 * <tr><td>{@code cache.size}</td><td>gauge</td><td>about how many keys the local store holds</td></tr>
 * <tr><td>{@code getorcreate.requests}, tag {@code source}</td><td>counter</td><td>answers, by {@link Source} in lower
 *     case</td></tr>
 * <tr><td>{@code getorcreate.failures}</td><td>counter</td><td>calls that ended with an exception</td></tr>
 * <tr><td>{@code getorcreate.creator}</td><td>timer</td><td>creator runs and their total time</td></tr>
 * <tr><td>{@code getorcreate.creators.overdue}</td><td>counter</td><td>creators that took longer than
 *     {@code maxCreationTime}</td></tr>
 * <tr><td>{@code getorcreate.conflicts.adopted}</td><td>counter</td><td>candidates dropped for another's row</td></tr>
 * <tr><td>{@code getorcreate.claims.lost}</td><td>counter</td><td>claims lost while the creator ran</td></tr>
 * <tr><td>{@code getorcreate.publishes.rejected}</td><td>counter</td><td>records not published, since the claim was no
 *     longer ours</td></tr>
 * <tr><td>{@code getorcreate.records.oversized}</td><td>counter</td><td>records returned but cached nowhere, since the
 *     shared store takes none so large</td></tr>
 * <tr><td>{@code getorcreate.polls.found}</td><td>counter</td><td>polls that found what no push had told: in health, it
 *     stands still</td></tr>
 * <tr><td>{@code getorcreate.shared.errors}</td><td>counter</td><td>shared store requests that failed or timed
 *     out</td></tr>
 * <tr><td>{@code getorcreate.payloads.undecodable}</td><td>counter</td><td>payloads that were read and were no
 *     record</td></tr>
 * <tr><td>{@code getorcreate.invalidations.unconfirmed}</td><td>counter</td><td>invalidations that the shared store did not
 *     confirm at once; they are sent again</td></tr>
 * </table>
 *
 * <p>There is no {@code cache.puts}, since there is no put; new records are {@code getorcreate.requests} with the source
 * {@code created}.
 */
public final class CacheMeters implements AutoCloseable {

    private final MeterRegistry registry;
    private final List<Meter> meters = new ArrayList<>();

    private CacheMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** As {@link #bind(GetOrCreateCache, MeterRegistry, Iterable)}, without further tags. */
    public static CacheMeters bind(GetOrCreateCache<?, ?> cache, MeterRegistry registry) {
        return bind(cache, registry, Tags.empty());
    }

    /**
     * Registers the meters. Where a cache of this name and these tags is bound already, the new one takes its place: so
     * binding twice counts once, and a cache that was closed and built again is measured.
     *
     * @param tags further tags. Prometheus wants the same tag <em>names</em> for all meters of one name: give all caches
     *     the same, also other libraries' caches in the same registry
     * @return for ending it; the meters stay without it being kept. They do not keep the cache alive: if it is
     *     collected, the counters stand still
     */
    public static CacheMeters bind(GetOrCreateCache<?, ?> cache, MeterRegistry registry, Iterable<Tag> tags) {
        Objects.requireNonNull(cache, "cache");
        Objects.requireNonNull(registry, "registry");
        CacheMeters bound = new CacheMeters(registry);
        bound.register(cache, Tags.concat(tags, "cache", cache.name()));
        return bound;
    }

    private void register(GetOrCreateCache<?, ?> cache, Tags tags) {
        Set<Meter> before = identities(registry.getMeters());
        add(before, () -> counter(cache, "cache.gets", tags.and("result", "hit"), CacheMeters::hits));
        add(before, () -> counter(cache, "cache.gets", tags.and("result", "miss"), CacheMeters::misses));
        add(before, () -> Gauge.builder("cache.size", cache, c -> c.stats().localSize())
                .tags(tags)
                .register(registry));
        for (Source source : Source.values()) {
            Tags bySource = tags.and("source", source.name().toLowerCase(Locale.ROOT));
            add(before, () -> counter(cache, "getorcreate.requests", bySource, stats -> stats.answers(source)));
        }
        add(before, () -> FunctionTimer.builder(
                        "getorcreate.creator",
                        cache,
                        c -> c.stats().creatorRuns(),
                        c -> c.stats().creatorNanos(),
                        TimeUnit.NANOSECONDS)
                .tags(tags)
                .register(registry));
        add(before, () -> counter(cache, "getorcreate.failures", tags, CacheStats::failures));
        add(before, () -> counter(cache, "getorcreate.creators.overdue", tags, CacheStats::overdue));
        add(before, () -> counter(cache, "getorcreate.conflicts.adopted", tags, CacheStats::conflictsAdopted));
        add(before, () -> counter(cache, "getorcreate.claims.lost", tags, CacheStats::claimsLost));
        add(before, () -> counter(cache, "getorcreate.publishes.rejected", tags, CacheStats::publishesRejected));
        add(before, () -> counter(cache, "getorcreate.records.oversized", tags, CacheStats::oversized));
        add(before, () -> counter(cache, "getorcreate.polls.found", tags, CacheStats::pollsThatFound));
        add(before, () -> counter(cache, "getorcreate.shared.errors", tags, CacheStats::sharedStoreErrors));
        add(before, () -> counter(cache, "getorcreate.payloads.undecodable", tags, CacheStats::undecodable));
        add(
                before,
                () -> counter(
                        cache, "getorcreate.invalidations.unconfirmed", tags, CacheStats::invalidationsUnconfirmed));
    }

    private FunctionCounter counter(
            GetOrCreateCache<?, ?> cache, String name, Tags tags, ToLongFunction<CacheStats> what) {
        return FunctionCounter.builder(name, cache, c -> what.applyAsLong(c.stats()))
                .tags(tags)
                .register(registry);
    }

    /** A registry gives back the meter it has, which would go on counting a former cache: that one has to go first. */
    private void add(Set<Meter> before, Supplier<? extends Meter> registering) {
        Meter meter = registering.get();
        if (before.contains(meter)) {
            registry.remove(meter);
            meter = registering.get();
        }
        meters.add(meter);
    }

    private static long hits(CacheStats stats) {
        return stats.answers(Source.LOCAL) + stats.answers(Source.SHARED) + stats.answers(Source.STALE);
    }

    private static long misses(CacheStats stats) {
        long answers = 0;
        for (Source source : Source.values()) {
            answers += stats.answers(source);
        }
        return answers - hits(stats) + stats.failures();
    }

    private static Set<Meter> identities(List<Meter> meters) {
        Set<Meter> set = Collections.newSetFromMap(new IdentityHashMap<>());
        set.addAll(meters);
        return set;
    }

    /** Removes the meters, but for those whose place another cache has taken. */
    @Override
    public void close() {
        Set<Meter> present = identities(registry.getMeters());
        meters.stream().filter(present::contains).forEach(registry::remove);
    }
}
