/** The arbiter on a database: a unique constraint, through a {@link javax.sql.DataSource}. */
@NullMarked
package dev.getorcreate.jdbc;

import org.jspecify.annotations.NullMarked;
