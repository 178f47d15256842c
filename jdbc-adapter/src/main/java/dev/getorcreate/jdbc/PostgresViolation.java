package dev.getorcreate.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The names in PostgreSQL's error. */
final class PostgresViolation {

    /** PostgreSQL translates its messages, and the quotes in them; the name is the only thing quoted in the first line. */
    private static final Pattern QUOTED = Pattern.compile("[\"«»„“”「『](.+)[\"«»“”」』]");

    private PostgresViolation() {}

    static Reported read(SQLException e, String message) {
        String name = field(e, "getConstraint");
        return new Reported("PostgreSQL", name == null ? named(message) : List.of(name), field(e, "getTable"));
    }

    /** The line's end comes first: the next line repeats the key, which may look like anything. */
    private static List<String> named(String message) {
        Matcher quoted = QUOTED.matcher(message.lines().findFirst().orElse(""));
        return quoted.find() ? List.of(stripped(quoted.group(1))) : List.of();
    }

    /** French has a no-break space inside its quotes, which {@code strip} keeps. */
    private static String stripped(String name) {
        return name.replaceAll("^[\\s\\u00a0\\u202f]+|[\\s\\u00a0\\u202f]+$", "");
    }

    /** The server sends the names apart from the message; the driver, which is no dependency, keeps them so. */
    private static @Nullable String field(SQLException e, String getter) {
        if (!e.getClass().getName().equals("org.postgresql.util.PSQLException")) {
            return null;
        }
        try {
            Object error = e.getClass().getMethod("getServerErrorMessage").invoke(e);
            return error == null
                    ? null
                    : (String) error.getClass().getMethod(getter).invoke(error);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException unknown) {
            return null; // the message still has the constraint
        }
    }
}
