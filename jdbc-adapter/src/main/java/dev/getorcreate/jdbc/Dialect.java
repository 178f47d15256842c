package dev.getorcreate.jdbc;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All that differs between databases. What an error says about a unique constraint is read by {@link Reported}. */
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
            case "H2" -> new H2Dialect(Folding.of(metaData));
            case "MariaDB" -> new MariaDbDialect(true);
            // So MySQL's driver calls a MariaDB too.
            case "MySQL" ->
                new MariaDbDialect(metaData.getDatabaseProductVersion().contains("MariaDB"));
            case "SQLite" -> new SqliteDialect();
            default ->
                throw new IllegalStateException(
                        "JdbcArbiter.on knows PostgreSQL, MariaDB, MySQL, SQLite and H2, and this"
                                + " database calls itself " + product + "; use JdbcArbiter.of(find, insert) with it");
        };
    }

    /** What becomes of a name that is not quoted. */
    Folding folding();

    /** Why no row can be inserted through this connection at all, or empty. */
    Optional<String> refusesWrites(Connection connection) throws SQLException;

    /**
     * What stands in the catalogue about the table; empty if there is no such table. Names are stored names.
     *
     * @throws IllegalStateException if this table, or this session, can never keep the promise
     */
    Optional<TableFacts> facts(Connection connection, @Nullable String schema, String table) throws SQLException;

    /** A stored name, quoted for use in SQL. */
    default String quote(String stored) {
        return Identifier.quote(stored);
    }

    /** The stored name as one has to type it in SQL: quoted only where it must be. */
    default String typed(Connection connection, String stored) throws SQLException {
        return quote(stored);
    }

    /**
     * Turns an INSERT into a query that gives the inserted row as the database has it; empty if there is none such, and
     * the row has to be read back.
     */
    Optional<String> returning(String insert);

    /** The statement was rolled back since it got into the way of others; the same statement may succeed now. */
    boolean isTransient(SQLException e);

    /** Whether what is read on this connection may be rolled back by others. */
    default boolean readsUncommitted(Connection connection) throws SQLException {
        return connection.getTransactionIsolation() == Connection.TRANSACTION_READ_UNCOMMITTED;
    }

    /** Whether connections live on where their server becomes a replica. */
    default boolean demotesConnections() {
        return false;
    }

    /** Whether a commit's answer may wait for a standby, and would no more if it were cancelled. */
    default boolean awaitsStandbys(Session session) throws SQLException {
        return false;
    }

    /** Whether the statement took effect is unclear, as {@link Failures#connectionLost}. */
    default boolean connectionLost(SQLException e) {
        return Failures.connectionLost(e);
    }

    /** The SQLState that the standard, or else PostgreSQL, has for this error; {@code null} if there is none. */
    default @Nullable String standardState(SQLException e) {
        return e.getSQLState();
    }

    /**
     * Whether the {@link Watchdog} ends overdue statements, and not the driver: where the driver's time-outs are dear, and
     * another thread's cancel and abort do not wait for a server that is gone.
     */
    default boolean watched() {
        return false;
    }

    /** The statement that forbids nulls in a column. */
    default String forbidNulls(Connection connection, TypedTable table, String column) throws SQLException {
        return "ALTER TABLE " + table.qualified() + " ALTER COLUMN " + typed(connection, column) + " SET NOT NULL;";
    }

    /**
     * The statement that makes columns unique.
     *
     * @param bytes of the longest values in them
     */
    default String addUnique(TypedTable table, String constraint, String columns, long bytes) {
        return "ALTER TABLE " + table.qualified() + " ADD CONSTRAINT " + constraint + " UNIQUE (" + columns + ");";
    }

    /**
     * The statement that makes a column of text compare exactly.
     *
     * @param bytes of the longest values in all the key's columns, once they all do
     */
    String compareExactly(Connection connection, TypedTable table, String column, long bytes) throws SQLException;

    /** A table's name as one types it. */
    record TypedTable(@Nullable String schema, String name) {
        String qualified() {
            return schema == null ? name : schema + '.' + name;
        }
    }
}
