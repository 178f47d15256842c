package dev.getorcreate.jdbc;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A condition in SQL, to be compared with how a database writes it down: with more brackets, and with casts. */
final class Condition {

    private static final String CAST = "::";

    /** A cast to a type of no length, a literal, a name in quotes, a word, a number, an operator, any other character. */
    private static final Pattern TOKEN = Pattern.compile(
            "::(?>(?:(?:character|bit) varying|double precision|time(?:stamp)? with(?:out)? time zone"
                    + "|\"[^\"]*\"|[a-z_]\\w*)(?:\\[])*)(?!\\s*[.(])"
                    + "|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|[\\p{L}_][\\p{L}\\p{N}_]*|\\d[\\d.]*"
                    + "|[-+*/<>=~!@#%^&|?]+|\\S",
            Pattern.CASE_INSENSITIVE);

    /** Comments, dollar quotes and escapes. */
    private static final Pattern NOT_UNDERSTOOD = Pattern.compile("--|/\\*|[$\\\\]");

    /** What is no part of a literal, and comes first; or a literal without escapes. */
    private static final Pattern LITERAL = Pattern.compile("(\"(?:[^\"]|\"\")*\"|`[^`]*`)|'(?:[^'\\\\]|'')*'");

    private static final Pattern PLAIN_NAME = Pattern.compile("\"[a-z_][a-z0-9_]*\"");

    /** What is no column where it stands without quotes. */
    private static final Set<String> WORDS = Set.of(("all and any array between case collate current_date current_role"
                    + " current_time current_timestamp current_user distinct else end escape exists false from glob ilike in"
                    + " is isnull like localtime localtimestamp match not notnull null or regexp row session_user similar"
                    + " some then to true unknown user when")
            .split(" "));

    /** Casts that change no text; the others, say to integer, may. */
    private static final Set<String> TO_TEXT = Set.of("::text", "::character varying");

    /** Operators that come before any comparison. */
    private static final Set<String> TIGHT = Set.of("->>", "->", "+", "-", "*", "/", "%", "||");

    private static final Set<String> COMPARISONS = Set.of("=", "<>", "!=", "<", ">", "<=", ">=", "is");

    /** Behind these a literal in quotes is text, unless it is cast; elsewhere it is of the type of what it stands beside. */
    private static final Set<String> BEFORE_TEXT = Set.of("->>", "->", "[");

    private static final Set<String> BOTH = Set.of("and", "or");
    private static final Set<String> BEFORE_OPERANDS = Set.of("and", "or", "not");

    /** Their own parts are divided by AND, or hold it. */
    private static final Set<String> WITH_PARTS = Set.of("between", "case");

    private Condition() {}

    /** Whether they are surely the same; {@code false} may be wrong. */
    static boolean alike(String one, String other) {
        if (one.strip().equals(other.strip())) {
            return true;
        }
        if (!isUnderstood(one) || !isUnderstood(other)) {
            return false;
        }
        return same(plain(one), plain(other));
    }

    private static boolean isUnderstood(String condition) {
        String bare = LITERAL.matcher(condition)
                .replaceAll(part -> part.group(1) == null ? "''" : Matcher.quoteReplacement(part.group()));
        return !NOT_UNDERSTOOD.matcher(bare).find();
    }

    /** A cast that changes nothing may stand in one and not in the other. */
    private static boolean same(List<String> one, List<String> other) {
        int i = 0;
        int j = 0;
        while (i < one.size() || j < other.size()) {
            if (i < one.size() && j < other.size() && one.get(i).equals(other.get(j))) {
                i++;
                j++;
            } else if (changesNothing(one, i) && !isCast(other, j)) {
                i++;
            } else if (changesNothing(other, j) && !isCast(one, i)) {
                j++;
            } else {
                return false;
            }
        }
        return true;
    }

    private static boolean isCast(List<String> tokens, int at) {
        return at < tokens.size() && tokens.get(at).startsWith(CAST);
    }

    private static boolean changesNothing(List<String> tokens, int at) {
        if (at == 0 || !isCast(tokens, at)) {
            return false;
        }
        String before = tokens.get(at - 1);
        boolean toText = TO_TEXT.contains(tokens.get(at));
        if (isLiteral(before)) {
            if (!toText && tokens.contains("/")) {
                return false; // of what type a number is, tells how one divides
            }
            boolean text = at > 1 && BEFORE_TEXT.contains(tokens.get(at - 2));
            return !text || (toText && before.startsWith("'"));
        }
        return (isName(before) && toText) || (tokens.get(at).equals("::text[]") && isTexts(tokens.subList(0, at)));
    }

    /** Whether it ends in an array of literals in quotes. */
    private static boolean isTexts(List<String> tokens) {
        int from = tokens.lastIndexOf("array");
        int last = tokens.size() - 1;
        return from >= 0
                && last > from + 1
                && tokens.get(from + 1).equals("[")
                && tokens.get(last).equals("]")
                && tokens.subList(from + 2, last).stream()
                        .allMatch(token -> token.startsWith("'") || token.equals(",") || TO_TEXT.contains(token));
    }

    private static boolean isLiteral(String token) {
        return token.startsWith("'") || Character.isDigit(token.charAt(0));
    }

    private static boolean isName(String token) {
        return token.startsWith("\"") || (isWord(token) && !WORDS.contains(token));
    }

    private static boolean isWord(String token) {
        return Character.isLetter(token.charAt(0)) || token.startsWith("_");
    }

    private static List<String> plain(String condition) {
        List<String> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(condition);
        while (matcher.find()) {
            tokens.add(folded(matcher.group()));
        }
        boolean open = true;
        while (open) {
            open = false;
            for (int from = 0; from < tokens.size() && !open; from++) {
                int to = tokens.get(from).equals("(") ? closing(tokens, from) : -1;
                if (to > 0 && meansNothing(tokens, from, to)) {
                    tokens.remove(to);
                    tokens.remove(from);
                    open = true;
                }
            }
        }
        return tokens;
    }

    private static String folded(String token) {
        if (token.startsWith("'")) {
            return token;
        }
        if (!token.startsWith("\"") || token.length() == 1) {
            return token.toLowerCase(Locale.ROOT);
        }
        String name = token.substring(1, token.length() - 1);
        return PLAIN_NAME.matcher(token).matches() && !WORDS.contains(name) ? name : token;
    }

    private static int closing(List<String> tokens, int from) {
        int depth = 0;
        for (int i = from; i < tokens.size(); i++) {
            depth += depth(tokens.get(i));
            if (depth == 0) {
                return i;
            }
        }
        return -1;
    }

    private static int depth(String token) {
        return switch (token) {
            case "(", "[" -> 1;
            case ")", "]" -> -1;
            default -> 0;
        };
    }

    /** Whether all would be the same without these brackets. */
    private static boolean meansNothing(List<String> tokens, int from, int to) {
        String before = from == 0 ? null : tokens.get(from - 1);
        String after = to == tokens.size() - 1 ? null : tokens.get(to + 1);
        List<String> inside = tokens.subList(from + 1, to);
        Set<String> open = openWords(inside);
        if (inside.isEmpty() || open.contains(",") || ".".equals(after)) {
            return false;
        }
        if ((before == null || before.equals("(")) && (after == null || after.equals(")"))) {
            return true;
        }
        if (inside.size() == 1 && (isLiteral(inside.get(0)) || isName(inside.get(0)))) {
            return before == null || BEFORE_OPERANDS.contains(before) || !isCalled(before);
        }
        if (isTight(inside) && isCompared(before, "(") && isCompared(after, ")")) {
            return true;
        }
        if (inside.get(0).equals("array") && isTexts(inside) && "(".equals(before) && isCast(tokens, to + 1)) {
            return true;
        }
        return tokens.stream().noneMatch(WITH_PARTS::contains)
                && open.stream().noneMatch(BOTH::contains)
                && isOutside(before, "(")
                && isOutside(after, ")");
    }

    /** Two operands, with casts maybe, of one operator. */
    private static boolean isTight(List<String> inside) {
        List<String> bare =
                inside.stream().filter(token -> !token.startsWith(CAST)).toList();
        return bare.size() == 3
                && TIGHT.contains(bare.get(1))
                && (isLiteral(bare.get(0)) || isName(bare.get(0)))
                && (isLiteral(bare.get(2)) || isName(bare.get(2)));
    }

    private static boolean isCompared(@Nullable String neighbour, String bracket) {
        return isOutside(neighbour, bracket) || COMPARISONS.contains(neighbour);
    }

    /** Of a function, a list, or an array, which the brackets belong to. */
    private static boolean isCalled(String before) {
        return isWord(before) || before.startsWith("\"") || before.startsWith(CAST) || before.equals("]");
    }

    private static boolean isOutside(@Nullable String neighbour, String bracket) {
        return neighbour == null || neighbour.equals(bracket) || BOTH.contains(neighbour);
    }

    /** What stands in no further brackets. */
    private static Set<String> openWords(List<String> inside) {
        Set<String> open = new HashSet<>();
        int depth = 0;
        for (String token : inside) {
            depth += depth(token);
            if (depth == 0) {
                open.add(token);
            }
        }
        return open;
    }
}
