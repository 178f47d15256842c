package dev.getorcreate.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** What is set on a connection: by JDBC, and in the database's session. */
final class SessionState {

    private SessionState() {}

    /**
     * All of it; ends the transaction that asking began.
     *
     * @param settings a query for those of the session
     */
    static List<String> of(Connection connection, String settings) throws SQLException {
        List<String> state = new ArrayList<>(List.of(
                "autocommit " + connection.getAutoCommit(),
                "network time-out " + networkTimeout(connection),
                "isolation " + connection.getTransactionIsolation(),
                "read-only " + connection.isReadOnly(),
                "holdability " + connection.getHoldability(),
                "schema " + connection.getSchema(),
                "catalogue " + connection.getCatalog()));
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(settings)) {
            state.add("statement time-out " + statement.getQueryTimeout());
            while (rows.next()) {
                state.add(rows.getString(1));
            }
        }
        connection.rollback();
        return state;
    }

    /** One that nothing else sets, where the driver has any. */
    static void setNetworkTimeout(Connection connection) throws SQLException {
        try {
            connection.setNetworkTimeout(Runnable::run, 12_345);
        } catch (SQLFeatureNotSupportedException e) {
            // then there is none to be left behind
        }
    }

    private static String networkTimeout(Connection connection) throws SQLException {
        try {
            return String.valueOf(connection.getNetworkTimeout());
        } catch (SQLFeatureNotSupportedException e) {
            return "none";
        }
    }
}
