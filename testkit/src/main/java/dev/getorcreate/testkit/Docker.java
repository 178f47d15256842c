package dev.getorcreate.testkit;

import java.util.logging.Level;
import java.util.logging.Logger;

/** Whether containers can be had: Testcontainers is on the class path and finds an engine that answers. */
final class Docker {

    // Kept, since the logging forgets the level of a logger that nobody holds.
    private static final Logger LOGGER = Logger.getLogger("org.testcontainers");

    private Docker() {}

    /** Takes up to a second at the first call. */
    static boolean answers() {
        if (!isThere("org.testcontainers.DockerClientFactory")) {
            return false;
        }
        quieten();
        return Containers.dockerAnswers();
    }

    /** For PostgreSQL, which has a module of its own. */
    static boolean answersForPostgres() {
        return isThere("org.testcontainers.postgresql.PostgreSQLContainer") && answers();
    }

    private static boolean isThere(String name) {
        return Docker.class.getClassLoader().getResource(name.replace('.', '/') + ".class") != null;
    }

    /** That there is no engine is no error here; for the two logging back ends that can be told without their classes. */
    private static void quieten() {
        if (LOGGER.getLevel() == null) {
            LOGGER.setLevel(Level.OFF);
        }
        String simple = "org.slf4j.simpleLogger.log.org.testcontainers";
        if (System.getProperty(simple) == null) {
            System.setProperty(simple, "off");
        }
    }
}
