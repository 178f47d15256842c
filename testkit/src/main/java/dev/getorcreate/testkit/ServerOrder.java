package dev.getorcreate.testkit;

import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where a server of a test comes from: the one that the environment names, else a container, if Docker answers, else
 * an embedded one.
 *
 * @param docker asked only if none is named; it may take a second
 */
record ServerOrder<T>(Function<String, T> named, BooleanSupplier docker, Supplier<T> container, Supplier<T> embedded) {

    /**
     * The first that can be had. One that was found and does not start is an error, not a reason to go on.
     *
     * @param url what the environment names, if anything
     */
    T start(@Nullable String url) {
        if (url != null && !url.isBlank()) {
            return named.apply(url.trim());
        }
        return docker.getAsBoolean() ? container.get() : embedded.get();
    }
}
