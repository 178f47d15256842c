package dev.getorcreate.jdbc;

import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.Locale;

/** What a database makes of a name that is not quoted. */
enum Folding {
    UPPER,
    LOWER,
    /** It is kept as it is, and case counts. */
    NONE,
    /** It is kept as it is, and names of columns that differ only in case are one, also when they are quoted. */
    CASELESS;

    static Folding of(DatabaseMetaData metaData) throws SQLException {
        if (metaData.storesUpperCaseIdentifiers()) {
            return UPPER;
        }
        return metaData.storesLowerCaseIdentifiers() ? LOWER : NONE;
    }

    String apply(String plain) {
        return switch (this) {
            case UPPER -> plain.toUpperCase(Locale.ROOT);
            case LOWER -> plain.toLowerCase(Locale.ROOT);
            case NONE, CASELESS -> plain;
        };
    }
}
