package dev.getorcreate.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A name as the user wrote it in SQL: plain, then the database folds its case, or {@code "quoted"}, also
 * with MySQL's backticks, then it is literal.
 * Anything else is refused, so no text of a setting ever becomes SQL unquoted.
 */
record Identifier(String text, boolean quoted) {

    private static final String ONE = "\"(?:[^\"\\x00]|\"\")+\"|`(?:[^`\\x00]|``)+`|[\\p{L}_][\\p{L}\\p{N}_$]*";
    private static final Pattern NAME = Pattern.compile(ONE);

    /** One name. */
    static Identifier parse(String what, String written) {
        List<Identifier> parts = parseQualified(what, written);
        if (parts.size() != 1) {
            throw malformed(what, written);
        }
        return parts.get(0);
    }

    /** A name, or a schema and a name with a dot between them. */
    static List<Identifier> parseQualified(String what, String written) {
        List<Identifier> parts = new ArrayList<>();
        Matcher matcher = NAME.matcher(written);
        int at = 0;
        while (parts.size() < 2 && matcher.find(at) && matcher.start() == at) {
            parts.add(of(matcher.group()));
            at = matcher.end();
            if (at == written.length()) {
                return parts;
            }
            if (written.charAt(at) != '.') {
                break;
            }
            at++;
        }
        throw malformed(what, written);
    }

    private static Identifier of(String written) {
        String quote = written.substring(0, 1);
        return quote.equals("\"") || quote.equals("`")
                ? new Identifier(written.substring(1, written.length() - 1).replace(quote + quote, quote), true)
                : new Identifier(written, false);
    }

    private static IllegalArgumentException malformed(String what, String written) {
        return new IllegalArgumentException(
                "the " + what + " must be a plain name such as records, or a quoted one such"
                        + " as \"Records\", with a schema before it if need be (app.records), not: " + written);
    }

    /** The name as the database keeps it. */
    String stored(Folding folding) {
        return quoted ? text : folding.apply(text);
    }

    /** A stored name, quoted for use in SQL. */
    static String quote(String stored) {
        return '"' + stored.replace("\"", "\"\"") + '"';
    }
}
