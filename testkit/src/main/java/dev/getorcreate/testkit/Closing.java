package dev.getorcreate.testkit;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Closes what a test opened, whatever becomes of one of them: a server would go on otherwise. */
public final class Closing {

    private Closing() {}

    /** The last one first; null is nothing to close. */
    public static void lastFirst(@Nullable AutoCloseable... opened) {
        lastFirst(Arrays.asList(opened));
    }

    /**
     * The last one first; null is nothing to close.
     *
     * @throws IllegalStateException once all were closed or tried, if some failed: the first one's error is its cause, the
     *     others' are suppressed in it
     */
    public static void lastFirst(List<? extends @Nullable AutoCloseable> opened) {
        IllegalStateException failure = null;
        for (int i = opened.size() - 1; i >= 0; i--) {
            AutoCloseable one = opened.get(i);
            try {
                if (one != null) {
                    one.close();
                }
            } catch (Throwable e) {
                if (failure == null) {
                    failure = new IllegalStateException("closing failed", e);
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
