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

    private static final String NAME = "\"(?:[^\"]|\"\")+\"|[^\\s.(\"]+";
    private static final String QUALIFIED = "(?:(?:" + NAME + ")\\.)*(" + NAME + ')';
    private static final Pattern MESSAGE = Pattern.compile(
            QUALIFIED + "(?: INDEX " + QUALIFIED + "| PRIMARY KEY)? ON " + QUALIFIED + ".*", Pattern.DOTALL);

    private static final String PRIMARY_KEY = "PRIMARY KEY";

    private H2Violation() {}

    static Reported read(String message) {
        int quote = message.indexOf('"');
        if (quote < 0) {
            return new Reported("H2", List.of(), null);
        }
        // Inside the outer quotes, quotes are doubled.
        String inside = message.substring(quote + 1).replace("\"\"", "\"");
        boolean bare = inside.startsWith(PRIMARY_KEY + " ON ");
        Matcher matcher = MESSAGE.matcher(bare ? "p" + inside.substring(PRIMARY_KEY.length()) : inside);
        if (!matcher.matches()) {
            return new Reported("H2", bare ? List.of(PRIMARY_KEY) : List.of(), null);
        }
        List<String> names = new ArrayList<>();
        names.add(bare ? PRIMARY_KEY : bare(matcher.group(1)));
        String index = matcher.group(2);
        if (index != null) {
            names.add(bare(index));
        }
        return new Reported("H2", names, bare(matcher.group(3)));
    }

    private static String bare(String name) {
        return name.startsWith("\"") ? name.substring(1, name.length() - 1).replace("\"\"", "\"") : name;
    }
}
