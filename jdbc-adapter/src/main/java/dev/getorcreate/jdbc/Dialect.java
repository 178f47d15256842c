package dev.getorcreate.jdbc;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All that differs between databases. */
interface Dialect {

    /**
     * The dialect of a database.
     *
     * @throws IllegalStateException if it is none that is supported
     */
    static Dialect of(DatabaseMetaData metaData) throws SQLException {
        String product = metaData.getDatabaseProductName();
        return switch (product) {
            case "PostgreSQL" -> new PostgresDialect();
            case "H2" -> new H2Dialect();
            default ->
                throw new IllegalStateException("JdbcArbiter knows PostgreSQL and H2, and this database calls itself "
                        + product + "; use Arbiter.of(find, insert, isConflict) with it");
        };
    }

    /** Why no row can be inserted through this connection at all, or empty. */
    Optional<String> refusesWrites(Connection connection) throws SQLException;

    /** What stands in the catalogue about the table; empty if there is no such table. Names are stored names. */
    Optional<TableFacts> facts(Connection connection, @Nullable String schema, String table) throws SQLException;

    /** The stored name as one has to type it in SQL: quoted only where it must be. */
    String typed(Connection connection, String stored) throws SQLException;

    /** Turns an INSERT into a query that gives the inserted row as the database has it. */
    String returning(String insert);

    /** The statement was rolled back since it got into the way of others; the same statement may succeed now. */
    boolean isTransient(SQLException e);
}
