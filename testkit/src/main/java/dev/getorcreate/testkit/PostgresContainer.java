package dev.getorcreate.testkit;

import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/** PostgreSQL in a container; apart from {@link Containers} since it needs a jar of its own. */
final class PostgresContainer {

    private PostgresContainer() {}

    /** It ends with {@code end}, and with this JVM. The URL has user and password in it. */
    static Containers.Running start() {
        PostgreSQLContainer container = new PostgreSQLContainer(DockerImageName.parse("postgres:17"));
        container.start();
        String url = container.getJdbcUrl();
        String access = "user=" + container.getUsername() + "&password=" + container.getPassword();
        return new Containers.Running(url + (url.contains("?") ? "&" : "?") + access, container::stop);
    }
}
