package dev.getorcreate.testkit.interleavings;

import dev.getorcreate.Arbiter;
import dev.getorcreate.testkit.InMemoryRedis;
import dev.getorcreate.testkit.InMemorySharedStore;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.Lock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One world, made anew for each interleaving: what callers share, who they are, and what may go wrong. All that is shared
 * must be made here, and behave alike each time: nothing drawn at random, no real clock, no threads of its own.
 */
public final class Setup {

    private final Run run;
    private final Map<String, SteppedProcess> processes = new LinkedHashMap<>();
    private final Map<String, Caller> callers = new LinkedHashMap<>();
    private final List<Caller> helpers = new ArrayList<>();
    private final Map<String, Caller> faults = new LinkedHashMap<>();
    private final IdentityHashMap<InMemorySharedStore, SteppedSharedStore> stores = new IdentityHashMap<>();

    record Caller(String name, Proc proc, Actor.Role role, Body body, boolean mayFail, Answer answer) {
        void run() {
            try {
                answer.value = body.run();
                answer.finished = true;
            } catch (Abandoned e) {
                throw e;
            } catch (Throwable e) { // also what an assertion of the caller's throws
                answer.thrown = e;
                answer.finished = true;
            }
        }
    }

    /** What a caller does. */
    interface Body {
        @Nullable
        Object run() throws Exception;
    }

    /** What a caller came to. Guard: the baton. */
    static final class Answer {
        @Nullable
        Object value;

        @Nullable
        Throwable thrown;

        boolean finished;
    }

    Setup(Run run) {
        this.run = run;
    }

    Run run() {
        return run;
    }

    /** A caller, in a process of its own. That it throws is a failure of the interleaving. */
    public void caller(String name, Callable<?> body) {
        process(name).caller(name, body);
    }

    /** The process of this name, made at the first call: several callers in it crash, freeze and keep time together. */
    public SteppedProcess process(String name) {
        return processes.computeIfAbsent(
                name, key -> new SteppedProcess(this, new Proc(key, run.resources.number("process " + key))));
    }

    /** An empty store as Redis is one: strings that expire. */
    public SteppedStore store(String name) {
        return new SteppedStore(name, run.clock);
    }

    /** An empty table in which nothing is unique. */
    public SteppedTable table(String name) {
        return new SteppedTable(name, false);
    }

    /** An empty table with a unique constraint on the key. */
    public SteppedTable uniqueTable(String name) {
        return new SteppedTable(name, true);
    }

    /** An empty server, seen by processes through {@link SteppedProcess#sharedStore}. */
    public InMemoryRedis redis() {
        InMemoryRedis server = new InMemoryRedis(process("the server").clock());
        server.observedBy(new SteppedSharedStore.Observer(this));
        return server;
    }

    void add(SteppedSharedStore store) {
        stores.put(store.real(), store);
    }

    SteppedSharedStore of(InMemorySharedStore real) {
        SteppedSharedStore store = stores.get(real);
        if (store == null) {
            throw new IllegalStateException("a client of an explored server must come from SteppedProcess.sharedStore");
        }
        return store;
    }

    /** Makes a step of each statement of an arbiter. */
    public <K, V> Arbiter<K, V> arbiter(Arbiter<K, V> real) {
        return new SteppedArbiter<>(real, "table");
    }

    /** A lock within a process, in place of one of the JVM's own, which an exploration cannot see. */
    public Lock lock(String name) {
        return new SteppedLock(name);
    }

    /**
     * Makes a step of each call of any object behind an interface. All calls are taken to touch the same thing, and to
     * change it, but for the named methods, which only look at it.
     */
    public <T> T stepped(Class<T> type, T real, String name, String... readers) {
        Set<String> reading = Arrays.stream(readers).collect(Collectors.toSet());
        InvocationHandler calls = (proxy, method, args) -> method.getDeclaringClass() == Object.class
                ? invoke(real, method, args)
                : step(real, method, args, name, !reading.contains(method.getName()));
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, calls));
    }

    private static @Nullable Object step(
            Object real, Method method, @Nullable Object @Nullable [] args, String name, boolean writes)
            throws Throwable {
        String label = name + "." + method.getName() + " "
                + (args == null ? "" : Arrays.stream(args).map(String::valueOf).collect(Collectors.joining(", ")));
        Steps.point(label.stripTrailing());
        Steps.touches(name, writes);
        Object answer = invoke(real, method, args);
        if (method.getReturnType() != void.class) {
            Steps.answers(String.valueOf(answer));
        }
        return answer;
    }

    private static @Nullable Object invoke(Object real, Method method, @Nullable Object @Nullable [] args)
            throws Throwable {
        try {
            method.setAccessible(true);
            return method.invoke(real, args);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    /** A fault: one step that may come at any time, once. Which faults come together is bounded by the exploration. */
    public void mayHappen(String what, Runnable effect) {
        fault(what, new Proc(what, run.resources.number("process " + what)), () -> {
            Steps.point(what);
            effect.run();
            return null;
        });
    }

    /** A fault: the process ends as by {@code kill -9}, between any two steps. A caller of its own is a process too. */
    public void mayCrash(String process) {
        process(process).mayCrash(() -> {});
    }

    /** A fault: a key's life ends before its time. */
    public void mayExpire(SteppedStore store, String key) {
        mayHappen("the life of \"" + key + "\" ends", () -> store.endLife(key));
    }

    void fault(String what, Proc lane, Body body) {
        faults.put(what, new Caller(what, lane, Actor.Role.FAULT, body, false, new Answer()));
    }

    void add(String name, Proc proc, Body body, boolean mayFail) {
        if (callers.put(name, new Caller(name, proc, Actor.Role.CALLER, body, mayFail, new Answer())) != null) {
            throw new IllegalArgumentException("two callers are named '" + name + "'");
        }
    }

    void helper(String name, Proc proc, Runnable body) {
        helpers.add(new Caller(
                name,
                proc,
                Actor.Role.HELPER,
                () -> {
                    body.run();
                    return null;
                },
                false,
                new Answer()));
    }

    List<String> faults() {
        return List.copyOf(faults.keySet());
    }

    Map<String, Caller> callers() {
        return callers;
    }

    /** Callers first: the order decides who goes on where nothing else does. */
    void startAll(List<String> withFaults) {
        callers.values().forEach(this::start);
        helpers.forEach(this::start);
        withFaults.forEach(name -> {
            Caller fault = faults.get(name);
            if (fault == null) {
                throw Search.notDeterministic();
            }
            start(fault);
        });
    }

    private void start(Caller caller) {
        run.start(caller.name(), caller.proc(), caller.role(), caller::run);
    }
}
