package dev.getorcreate.proof.chaos;

import org.jspecify.annotations.Nullable;

/**
 * A record as the caches hold it: {@code key/identity/version}. The identity is its creator run's and stays for good; the
 * version is 1 and grows by 1 with each change.
 */
record Value(String key, String identity, int version) {

    static Value first(String key, String identity) {
        return new Value(key, identity, 1);
    }

    /** Null if the text is none of ours. */
    static @Nullable Value parse(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length != 3) {
            return null;
        }
        try {
            return new Value(parts[0], parts[1], Integer.parseInt(parts[2]));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    @Override
    public String toString() {
        return key + "/" + identity + "/" + version;
    }
}
