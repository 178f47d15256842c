package dev.getorcreate.testkit;

import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/** Servers in containers; touched only when {@link Docker} has seen that Testcontainers is there. */
final class Containers {

    private static final int REDIS_PORT = 6379;

    private Containers() {}

    static boolean dockerAnswers() {
        return DockerClientFactory.instance().isDockerAvailable();
    }

    /** Redis without persistence. It ends with {@code end}, and with this JVM. */
    static Running redis() {
        GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse("redis:7.0.15"))
                .withExposedPorts(REDIS_PORT)
                .withCommand("redis-server", "--save", "", "--appendonly", "no");
        container.start();
        return new Running(
                "redis://" + container.getHost() + ":" + container.getMappedPort(REDIS_PORT), container::stop);
    }

    /** A server at an address, and what ends it. */
    record Running(String url, Runnable end) {}
}
