package dev.getorcreate.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names in H2's message: {@code ...: "PUBLIC.UQ INDEX PUBLIC.UQ_INDEX_6 ON PUBLIC.T(...) VALUES (...)"...}; before 2.4
 * only {@code "PUBLIC.UQ_INDEX_6 ON ..."} or {@code "PRIMARY KEY ON ..."}. Names that need it are quoted inside.
 */
final class H2Violation {

    private static final String NAME = "\"(?:[^\"]|\"\")+\"|[^\\s.\"]+";
    private static final String QUALIFIED = "(?:(?:" + NAME + ")\\.)*(" + NAME + ')';
    private static final Pattern MESSAGE =
            Pattern.compile(QUALIFIED + "(?: INDEX " + QUALIFIED + "| PRIMARY KEY)? ON .*", Pattern.DOTALL);

    private H2Violation() {}

    static List<String> names(String message) {
        int quote = message.indexOf('"');
        if (quote < 0) {
            return List.of();
        }
        // Inside the outer quotes, quotes are doubled.
        String inside = message.substring(quote + 1).replace("\"\"", "\"");
        if (inside.startsWith("PRIMARY KEY ON ")) {
            return List.of("PRIMARY KEY");
        }
        Matcher matcher = MESSAGE.matcher(inside);
        List<String> names = new ArrayList<>();
        if (matcher.matches()) {
            names.add(bare(matcher.group(1)));
            String index = matcher.group(2);
            if (index != null) {
                names.add(bare(index));
            }
        }
        return names;
    }

    private static String bare(String name) {
        return name.startsWith("\"") ? name.substring(1, name.length() - 1).replace("\"\"", "\"") : name;
    }
}
