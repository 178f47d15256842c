package dev.getorcreate.spi;

import java.util.UUID;

/** The random stamp of one claim, new for each attempt; never a thread or process id, which can come back. */
public record Token(long high, long low) {

    /** A token that nobody had before. */
    public static Token random() {
        UUID uuid = UUID.randomUUID();
        return new Token(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
    }
}
