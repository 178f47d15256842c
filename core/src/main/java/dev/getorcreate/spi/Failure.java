package dev.getorcreate.spi;

import java.time.Duration;

/**
 * What a failure mark says: why the creation under a claim failed. It stands where the claim stood, for those who waited
 * on that claim; everybody else claims over it.
 *
 * @param error the name of the error's class
 * @param message the error's message, empty if it had none; cut at {@value #LONGEST} characters
 * @param hold how long the mark stands, at least a millisecond
 */
public record Failure(String error, String message, Duration hold) {

    /** How many characters of the name and of the message are kept. */
    public static final int LONGEST = 500;

    /**
     * What is too long is cut.
     *
     * @throws IllegalArgumentException if it were not held: then there is no mark to be left
     */
    public Failure {
        if (hold.toMillis() < 1) {
            throw new IllegalArgumentException("a failure mark is held for at least 1 ms, not " + hold);
        }
        error = cut(error);
        message = cut(message);
    }

    private static String cut(String text) {
        if (text.length() <= LONGEST) {
            return text;
        }
        // Half of a surrogate pair is no text.
        return text.substring(0, Character.isHighSurrogate(text.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST);
    }
}
