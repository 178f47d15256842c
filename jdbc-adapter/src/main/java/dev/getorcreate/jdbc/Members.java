package dev.getorcreate.jdbc;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Of an ENUM or a SET, as MySQL and MariaDB have them: what is no member there may be the number of one, and a set is written
 * in the order of its type.
 */
record Members(boolean several, List<String> all) {

    private static final Pattern TYPE = Pattern.compile("(?is)(enum|set)\\(.*");

    private static final Pattern QUOTED = Pattern.compile("'((?:[^']|'')*)'");

    private static final Pattern WHOLE = Pattern.compile("\\s*[+-]?[0-9]+\\s*");

    /** As the catalogue writes the type, {@code enum('a','it''s')}; {@code null}: it has no members. */
    static @Nullable Members of(String type) {
        Matcher matcher = TYPE.matcher(type);
        return !matcher.matches()
                ? null
                : new Members(
                        matcher.group(1).equalsIgnoreCase("set"),
                        QUOTED.matcher(type)
                                .results()
                                .map(member ->
                                        member.group(1).replace("''", "'").replace("\\\\", "\\"))
                                .toList());
    }

    /** What is wrong with a text, and what to do; {@code null}: it is kept, or the database itself refuses it. */
    @Nullable
    String refusal(String text) {
        if (several) {
            Set<String> given = Set.copyOf(Arrays.asList(text.split(",")));
            return text.equals(all.stream().filter(given::contains).collect(Collectors.joining(",")))
                    ? null
                    : "that is not as its column writes it, and two keys would be one; give members of its type alone, each"
                            + " once and in the type's order";
        }
        return all.contains(text) || !WHOLE.matcher(text).matches()
                ? null
                : "that is no member of its column's type, but may be taken for the number of one, and two keys would be one;"
                        + " give a member, or add this one and restart";
    }
}
