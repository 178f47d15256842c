package dev.getorcreate.jdbc;

import java.sql.SQLException;

/** Asks a table what it makes of a violation, apart from any row. */
final class KeyedTables {

    private KeyedTables() {}

    static boolean isKeyConflict(JdbcArbiterBuilder<?, ?> builder, String key, String constraint) throws SQLException {
        SQLException violation = new SQLException(
                "ERROR: duplicate key value violates unique constraint \"" + constraint + "\"\n  Detail: " + key,
                "23505");
        return KeyedTable.open(builder.settings())
                .isKeyConflict(UniqueViolation.find(violation).orElseThrow());
    }
}
