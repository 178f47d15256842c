package dev.getorcreate.proof.arch;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every arrow points to core: a room knows core, its own library and the JDK, and no other room. A rule fails where its
 * room has no classes at all, so none can pass by looking at nothing.
 */
class ArrowsTest {

    /** Not all of {@code java..}: JDBC and java.util.logging would come in unseen. */
    private static final String[] JDK = {
        "java.io",
        "java.lang..",
        "java.math",
        "java.net",
        "java.nio..",
        "java.security",
        "java.text",
        "java.time..",
        "java.util",
        "java.util.concurrent..",
        "java.util.function",
        "java.util.regex",
        "java.util.stream",
        "org.jspecify.annotations"
    };

    private static void onlyKnows(String room, String... others) {
        String[] known = Stream.of(Stream.of(room, Rooms.CORE, Rooms.SPI), Stream.of(JDK), Stream.of(others))
                .flatMap(names -> names)
                .toArray(String[]::new);
        classes()
                .that()
                .resideInAPackage(room)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(known)
                .check(Rooms.ALL);
    }

    @Test
    void coreKnowsTheJdkAlone() {
        onlyKnows(Rooms.CORE);
        onlyKnows(Rooms.SPI);
    }

    @Test
    void theLocalAdapterKnowsCaffeine() {
        onlyKnows(Rooms.LOCAL, "com.github.benmanes.caffeine.cache..");
    }

    @Test
    void theRedisAdapterKnowsLettuceAndItsNetty() {
        onlyKnows(Rooms.REDIS, "io.lettuce.core..", "io.netty..", "java.util.zip", "javax.net.ssl");
    }

    @Test
    void theJdbcAdapterKnowsJdbc() {
        onlyKnows(Rooms.JDBC, "java.sql", "javax.sql");
    }

    /** The one room that knows another: it is a way to use that one. */
    @Test
    void theSpringAdapterKnowsTheJdbcAdapterAndSpring() {
        onlyKnows(Rooms.SPRING, Rooms.JDBC, "org.springframework..", "java.sql", "javax.sql");
    }

    @Test
    void theMicrometerAdapterKnowsMicrometer() {
        onlyKnows(Rooms.MICROMETER, "io.micrometer.core.instrument..");
    }

    @Test
    void theJacksonCodecKnowsJackson() {
        onlyKnows(Rooms.JACKSON, "tools.jackson..");
    }

    @Test
    void theTestkitKnowsTestToolsAndCarriersOfServersButNoAdapter() {
        onlyKnows(
                Rooms.TESTKIT,
                "org.junit.jupiter..",
                "org.opentest4j",
                "org.awaitility..",
                "redis.embedded..",
                "io.zonky.test..",
                "com.mysql.cj.jdbc..",
                "org.mariadb.jdbc..",
                "org.postgresql..",
                "org.testcontainers..",
                "com.redis.testcontainers..",
                "java.util.logging", // to quieten Testcontainers
                "java.sql",
                "javax.sql");
    }

    @Test
    void whatTheTrackingDecidesIsFreeOfTheNetworkSoThatItCanBeExplored() {
        classes()
                .that()
                .haveNameMatching("dev\\.getorcreate\\.redis\\.Tracking(\\$.*)?")
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage(Rooms.SPI, "java.lang", "java.util..", "org.jspecify.annotations")
                                .or(nameMatching("dev\\.getorcreate\\.redis\\.Tracking(\\$.*)?")))
                .check(Rooms.ALL);
    }
}
