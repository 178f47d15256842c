package dev.getorcreate.proof.processes;

import dev.getorcreate.Invalidation;
import dev.getorcreate.Source;
import dev.getorcreate.testkit.ChildJvm;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** A {@link CacheProcess} seen from the test: begins requests, and hands each line that comes back to its request. */
final class CacheClient implements AutoCloseable {

    /** Compiles little and collects simply: these processes live for seconds, and many start on few cores. */
    private static final List<String> JVM_ARGS = List.of(
            "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-Xmx128m", "-Dio.lettuce.core.jfr=false");

    /** Only for what must not happen: a process that says nothing any more. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String name;
    private final ChildJvm child;
    private final AtomicInteger lastId = new AtomicInteger();
    private final Map<String, Request> requests = new ConcurrentHashMap<>();
    private final CompletableFuture<String> ready = new CompletableFuture<>();

    private CacheClient(String name, ChildJvm child) {
        this.name = name;
        this.child = child;
        Thread reader = new Thread(this::read, "reader-" + name);
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts it; {@link #awaitReady} waits. */
    static CacheClient start(Setup setup) {
        return new CacheClient(
                setup.process(), ChildJvm.start(setup.process(), JVM_ARGS, CacheProcess.class, setup.toArgs()));
    }

    CacheClient awaitReady() {
        Request.get(ready, name + " to be ready");
        return this;
    }

    private void read() {
        try {
            while (true) {
                String[] words = child.expect(line -> true, Duration.ofDays(1)).split(" ", 3);
                Request request = requests.get(words[0]);
                if (request != null) {
                    request.came(words[1], words.length > 2 ? words[2] : "");
                } else {
                    ready.complete(words[1]);
                }
            }
        } catch (AssertionError e) {
            // It ended, as some are meant to.
            ready.completeExceptionally(e);
            requests.values().forEach(request -> request.ended(e));
        }
    }

    Request begin(String verb, Object... arguments) {
        String id = name + "." + lastId.incrementAndGet();
        Request request = new Request(id + " " + verb, () -> child.send(id + " go"));
        requests.put(id, request);
        child.send(id + " " + verb + " "
                + Arrays.stream(arguments).map(String::valueOf).collect(Collectors.joining(" ")));
        return request;
    }

    /** A caller whose creator takes no time. */
    Answer obtain(String key) {
        return beginObtain(key).answer();
    }

    Request beginObtain(String key) {
        return begin("obtain", key, 0);
    }

    /** A caller whose creator has begun and goes on when the request is told to. */
    Request hold(String key) {
        return beginHeld("hold", key);
    }

    /** A caller whose creator has begun and throws when the request is told to go on. */
    Request holdAndThrow(String key) {
        return beginHeld("throw", key);
    }

    /** A caller that has found the key's row at the arbiter, and does what follows when the request is told to go on. */
    Request holdFound(String key) {
        return beginHeld("holdFound", key);
    }

    private Request beginHeld(String verb, String key) {
        Request request = begin(verb, key);
        request.awaitSaid("inside");
        return request;
    }

    /** The moment at which the caller of invalidate had its answer, which was that it is confirmed. */
    long invalidateConfirmed(String key) {
        Invalidated invalidated = invalidate(key);
        if (invalidated.result() != Invalidation.CONFIRMED) {
            throw new AssertionError(invalidated);
        }
        return invalidated.endedNanos();
    }

    Invalidated invalidate(String key) {
        String[] words = begin("invalidate", key).result().split(" ");
        return new Invalidated(Invalidation.valueOf(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2]));
    }

    /** What invalidate answered, when it was called, and when it had returned. */
    record Invalidated(Invalidation result, long beganNanos, long endedNanos) {}

    /** A reader of the key that serves this value from its local store by now. */
    Request watch(String key, String value) {
        Request request = begin("watch", key);
        request.awaitSaid("local-" + value);
        return request;
    }

    /** Ends the reader. */
    List<Spans.Span> seen(Request watch) {
        watch.go();
        return Arrays.stream(watch.result().split(" ")).map(Spans.Span::parse).toList();
    }

    Map<String, Long> stats() {
        return Arrays.stream(begin("stats").result().split(" "))
                .map(entry -> entry.split("="))
                .collect(Collectors.toMap(entry -> entry[0], entry -> Long.valueOf(entry[1])));
    }

    long stat(String counter) {
        return stats().get(counter);
    }

    long answers(Source source) {
        return stat(source.name());
    }

    String name() {
        return name;
    }

    ChildJvm process() {
        return child;
    }

    @Override
    public void close() {
        child.close();
    }
}
