package dev.getorcreate.jdbc;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Classes of libraries that are no dependency, and may be there. */
final class Foreign {

    private Foreign() {}

    /** Those of this name that the loaders know, each one once. */
    static List<Class<?>> classes(String name, @Nullable ClassLoader... loaders) {
        List<Class<?>> found = new ArrayList<>();
        for (ClassLoader loader : loaders) {
            try {
                Class<?> type = Class.forName(name, false, loader);
                if (!found.contains(type)) {
                    found.add(type);
                }
            } catch (ClassNotFoundException | LinkageError e) {
                // not there
            }
        }
        return found;
    }
}
