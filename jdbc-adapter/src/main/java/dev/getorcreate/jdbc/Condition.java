package dev.getorcreate.jdbc;

import java.util.Locale;
import java.util.regex.Pattern;

/** A condition in SQL, to be compared with how a database writes it down: with more brackets, and with casts. */
final class Condition {

    private static final Pattern CAST = Pattern.compile("::\"?[a-z][a-z_ ]*\"?(\\[])?");
    private static final Pattern MIXED = Pattern.compile("\\bor\\b.*\\band\\b|\\band\\b.*\\bor\\b", Pattern.DOTALL);

    private Condition() {}

    /** Whether they are surely the same; {@code false} may be wrong. */
    static boolean alike(String one, String other) {
        return plain(one).equals(plain(other));
    }

    private static String plain(String condition) {
        // Even parts are SQL, odd ones what stands in a literal.
        String[] parts = condition.split("'", -1);
        StringBuilder sql = new StringBuilder();
        for (int i = 0; i < parts.length; i += 2) {
            parts[i] = CAST.matcher(parts[i].toLowerCase(Locale.ROOT)).replaceAll("");
            sql.append(parts[i]).append(' ');
        }
        // Where both stand, brackets decide what it means.
        String meaningless = MIXED.matcher(sql).find() ? "[\\s\"]" : "[\\s\"()]";
        for (int i = 0; i < parts.length; i += 2) {
            parts[i] = parts[i].replaceAll(meaningless, "");
        }
        return String.join("'", parts);
    }
}
