package dev.getorcreate.examples.demo;

import java.util.Locale;

/** Keys, records and who is who, as texts. */
final class Names {

    private static final String PREFIX = "order-";

    private Names() {}

    static String key(int number) {
        return PREFIX + String.format(Locale.ROOT, "%06d", number);
    }

    /** The number of a key, or -1 for one that is not part of the schedule. */
    static int number(String key) {
        return key.startsWith(PREFIX) ? Integer.parseInt(key.substring(PREFIX.length())) : -1;
    }

    /** 64 bits that tell records apart (FNV-1a); never 0. */
    static long fingerprint(String record) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < record.length(); i++) {
            hash = (hash ^ record.charAt(i)) * 0x100000001b3L;
        }
        return hash == 0 ? 1 : hash;
    }

    static String caller(int process, int thread) {
        return "process " + (process + 1) + " thread " + (thread + 1);
    }
}
