package dev.getorcreate.jdbc;

import dev.getorcreate.testkit.PostgresServer;
import dev.getorcreate.testkit.Servers;
import org.postgresql.ds.PGSimpleDataSource;

/** The PostgreSQL of these tests; without one they are skipped, or fail where one is required. */
final class Postgres {

    private Postgres() {}

    static PGSimpleDataSource dataSource() {
        return (PGSimpleDataSource)
                Servers.need("PostgreSQL", PostgresServer::shared).dataSource();
    }

    /** One of the test's own to change; its URL lacks user and password. */
    static PGSimpleDataSource copyOf(PGSimpleDataSource original) {
        PGSimpleDataSource copy = new PGSimpleDataSource();
        copy.setUrl(original.getUrl());
        copy.setUser(original.getUser());
        copy.setPassword(original.getPassword());
        return copy;
    }
}
