package dev.getorcreate.proof.interleavings;

import dev.getorcreate.testkit.interleavings.Result;
import dev.getorcreate.testkit.interleavings.Setup;
import dev.getorcreate.testkit.interleavings.SteppedStore;
import dev.getorcreate.testkit.interleavings.SteppedTable;
import java.util.List;

/** Cache-aside as it is usually written. */
final class SixLines {

    private SixLines() {}

    static void scenario(Setup setup) {
        SteppedStore cache = setup.store("cache");
        SteppedTable users = setup.table("users");
        for (String name : List.of("A", "B")) {
            setup.caller(name, () -> getOrCreate(cache, users, "ann", "row of " + name));
        }
    }

    private static String getOrCreate(SteppedStore cache, SteppedTable users, String key, String row) {
        String existing = cache.get(key);
        if (existing == null) {
            users.insert(key, row);
            cache.set(key, row);
            return row;
        }
        return existing;
    }

    static void oneRecord(Result result) {
        Object first = result.answer("A");
        Object second = result.answer("B");
        if (first == null || !first.equals(second)) {
            throw new AssertionError("A works on " + first + ", and B on " + second);
        }
    }
}
