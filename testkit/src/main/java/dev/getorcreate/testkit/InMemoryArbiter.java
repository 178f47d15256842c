package dev.getorcreate.testkit;

import dev.getorcreate.Arbiter;
import dev.getorcreate.ArbiterFailedException;
import dev.getorcreate.Ruling;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An arbiter in memory that decides as a database does, and fails when told to. It passes {@link ArbiterContract}. Give
 * one object to several caches, as one database serves several processes.
 *
 * <p>Nothing blocks, except what a test's own hooks do. May be used by several threads.
 */
public final class InMemoryArbiter<K, V> implements Arbiter<K, V> {

    private final Map<K, V> rows = new ConcurrentHashMap<>();
    private final Map<Object, K> marks = new ConcurrentHashMap<>();
    private final Queue<Supplier<? extends RuntimeException>> failures = new ConcurrentLinkedQueue<>();
    private final Queue<Boolean> lostAnswers = new ConcurrentLinkedQueue<>();
    private final LongAdder finds = new LongAdder();
    private final LongAdder inserts = new LongAdder();
    private final @Nullable Function<? super V, ?> otherUnique;
    private volatile Consumer<? super K> beforeFind = key -> {};
    private volatile Consumer<? super K> beforeInsert = key -> {};
    private volatile Consumer<? super K> afterInsert = key -> {};
    private volatile @Nullable Supplier<? extends RuntimeException> down;

    /** An empty table, unique on the key. */
    public InMemoryArbiter() {
        this(null);
    }

    private InMemoryArbiter(@Nullable Function<? super V, ?> otherUnique) {
        this.otherUnique = otherUnique;
    }

    /** An empty table, unique on the key, and on something else too: whose violation is an error. */
    public static <K, V> InMemoryArbiter<K, V> withAnotherUnique(Function<? super V, ?> mark) {
        return new InMemoryArbiter<>(Objects.requireNonNull(mark, "mark"));
    }

    @Override
    public Optional<V> find(K key) {
        Objects.requireNonNull(key, "key");
        finds.increment();
        beforeFind.accept(key);
        failIfTold();
        return Optional.ofNullable(rows.get(key));
    }

    @Override
    public Ruling<V> insert(K key, V candidate) {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(candidate, "candidate");
        inserts.increment();
        beforeInsert.accept(key);
        failIfTold();
        V standing = write(key, candidate);
        afterInsert.accept(key);
        V winner = standing == null ? candidate : standing;
        if (lostAnswers.poll() != null) {
            return Ruling.recovered(winner);
        }
        return standing == null ? Ruling.created(winner) : Ruling.adopted(winner);
    }

    /** The row that stood there, or null after writing this one. */
    private @Nullable V write(K key, V candidate) {
        Object mark = otherUnique == null ? null : otherUnique.apply(candidate);
        // Both constraints at once, as in a database: only inside the map's lock of the key nobody comes between.
        Queue<V> standing = new ArrayDeque<>(1);
        rows.compute(key, (same, row) -> {
            if (row != null) {
                standing.add(row);
                return row;
            }
            if (mark != null && marks.putIfAbsent(mark, key) != null) {
                throw new ArbiterFailedException("the candidate violates the other unique constraint", null);
            }
            return candidate;
        });
        return standing.poll();
    }

    private void failIfTold() {
        Supplier<? extends RuntimeException> always = down;
        if (always != null) {
            throw always.get();
        }
        Supplier<? extends RuntimeException> once = failures.poll();
        if (once != null) {
            throw once.get();
        }
    }

    /** The next call of find or insert throws this, before it does anything. Calls add up. */
    public void failNext(RuntimeException thrown) {
        failures.add(() -> thrown);
    }

    /** Every call throws until {@link #up()}, before it does anything. */
    public void down(Supplier<? extends RuntimeException> thrown) {
        down = thrown;
    }

    /** Ends {@link #down}. */
    public void up() {
        down = null;
    }

    /** The next insert takes effect, and then cannot tell whose row it found. */
    public void loseNextAnswer() {
        lostAnswers.add(true);
    }

    /** Runs on the caller's thread at the start of every find; it may block, or throw. */
    public void beforeFind(Consumer<? super K> hook) {
        beforeFind = Objects.requireNonNull(hook, "hook");
    }

    /** Runs on the caller's thread at the start of every insert, before its effect; it may block, or throw. */
    public void beforeInsert(Consumer<? super K> hook) {
        beforeInsert = Objects.requireNonNull(hook, "hook");
    }

    /** Runs on the caller's thread after every insert's effect, before its answer; it may block, or throw. */
    public void afterInsert(Consumer<? super K> hook) {
        afterInsert = Objects.requireNonNull(hook, "hook");
    }

    /** Changes or writes a row behind the library's back, as another application does. */
    public void put(K key, V row) {
        rows.put(key, row);
    }

    /** Deletes a row, as another application does. */
    public void delete(K key) {
        rows.remove(key);
        marks.values().removeIf(key::equals);
    }

    /** A copy of the rows. */
    public Map<K, V> rows() {
        return Map.copyOf(rows);
    }

    /** How many times find was called, failed calls included. */
    public long finds() {
        return finds.sum();
    }

    /** How many times insert was called, failed calls and refused candidates included. */
    public long inserts() {
        return inserts.sum();
    }
}
