package dev.getorcreate.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;

/** Makes a record of the current row. Pure: it may run more than once for a row. */
@FunctionalInterface
public interface RowMapper<V> {

    /**
     * Reads columns of the current row, of all the table's columns; it must not move on or close.
     *
     * @return the record, never null
     */
    V map(ResultSet row) throws SQLException;
}
