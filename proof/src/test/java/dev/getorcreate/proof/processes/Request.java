package dev.getorcreate.proof.processes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One request to a process, while it runs and after. */
final class Request {

    private final String what;
    private final Runnable go;
    private final Map<String, CompletableFuture<String>> events = new ConcurrentHashMap<>();
    private final CompletableFuture<String> result = new CompletableFuture<>();
    private final CompletableFuture<String> failure = new CompletableFuture<>();
    /** Guard: this. */
    private final List<String> tally = new ArrayList<>();

    Request(String what, Runnable go) {
        this.what = what;
        this.go = go;
    }

    void came(String kind, String text) {
        switch (kind) {
            case "ok" -> {
                result.complete(text);
                failure.completeExceptionally(new AssertionError(what + " did not fail: " + text));
            }
            case "failed" -> {
                failure.complete(text);
                result.completeExceptionally(new AssertionError(what + " failed: " + text));
            }
            case "answer", "error" -> {
                synchronized (this) {
                    tally.add(kind + " " + text);
                }
            }
            default -> said(kind).complete(text);
        }
    }

    private CompletableFuture<String> said(String kind) {
        return events.computeIfAbsent(kind, absent -> new CompletableFuture<>());
    }

    void ended(AssertionError error) {
        result.completeExceptionally(error);
        failure.completeExceptionally(error);
    }

    /** Waits until it says so; its end without that is an error. */
    void awaitSaid(String kind) {
        CompletableFuture<String> said = said(kind);
        get(CompletableFuture.anyOf(said, result), what + " to say " + kind);
        if (!said.isDone()) {
            throw new AssertionError(what + " ended without saying " + kind + ": " + result.join());
        }
    }

    /** Lets it go on. */
    void go() {
        go.run();
    }

    boolean isDone() {
        return result.isDone();
    }

    String result() {
        return get(result, what);
    }

    Answer answer() {
        return Answer.parse(result());
    }

    /** The class and message of what it failed with. */
    String failure() {
        return get(failure, what + " to fail");
    }

    /** The lines of a {@link Tally}, once it is done. */
    synchronized List<String> tallied() {
        return List.copyOf(tally);
    }

    static <T> T get(CompletableFuture<T> future, String what) {
        try {
            return future.get(CacheClient.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("waited in vain for " + what + ", " + CacheClient.PATIENCE, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + what, e);
        }
    }
}
