package dev.getorcreate.redis;

import java.util.List;

/** One server has all the keys: a standalone one, or the upstream that the Sentinels name whenever it is connected to. */
final class OneServer implements Routes {

    private final Connector connector;

    OneServer(Connector connector) {
        this.connector = connector;
    }

    @Override
    public void start() {
        connector.startOrRefuse();
    }

    @Override
    public Connector home(byte[] key) {
        return connector;
    }

    @Override
    public List<Link> links() {
        Link link = connector.linkOrNull();
        return link == null ? List.of() : List.of(link);
    }

    @Override
    public void tick() {
        // The Sentinels cut the connections to a server that they demote.
    }

    @Override
    public void close() {
        connector.close();
    }
}
