package dev.getorcreate.jdbc;

import dev.getorcreate.testkit.PostgresServer;
import dev.getorcreate.testkit.Servers;
import dev.getorcreate.testkit.TcpProxy;
import dev.getorcreate.testkit.WireProtocol;
import org.postgresql.ds.PGSimpleDataSource;

/** The PostgreSQL of these tests; without one they are skipped, or fail where one is required. */
final class Postgres {

    private Postgres() {}

    static PGSimpleDataSource dataSource() {
        return (PGSimpleDataSource)
                Servers.need("PostgreSQL", PostgresServer::shared).dataSource();
    }

    /** A proxy to it that knows its messages. */
    static TcpProxy proxy() {
        return TcpProxy.to(dataSource().getPortNumbers()[0], WireProtocol.POSTGRES);
    }

    /** As {@link #dataSource()}, through a proxy; without encryption, which hides the messages. */
    static PGSimpleDataSource through(TcpProxy proxy) {
        PGSimpleDataSource through = copyOf(dataSource());
        through.setServerNames(new String[] {"127.0.0.1"});
        through.setPortNumbers(new int[] {proxy.port()});
        through.setSslmode("disable");
        return through;
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
