package dev.getorcreate.proof.arch;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

/** The compiled rooms of the library, without tests and examples. */
final class Rooms {

    static final String CORE = "dev.getorcreate";
    static final String SPI = "dev.getorcreate.spi";
    static final String LOCAL = "dev.getorcreate.local..";
    static final String REDIS = "dev.getorcreate.redis..";
    static final String JDBC = "dev.getorcreate.jdbc..";
    static final String SPRING = "dev.getorcreate.spring..";
    static final String MICROMETER = "dev.getorcreate.micrometer..";
    static final String JACKSON = "dev.getorcreate.jackson..";
    static final String TESTKIT = "dev.getorcreate.testkit..";

    /** What ships in production; the testkit may print, sleep and start processes. */
    static final String[] PRODUCTION = {CORE, SPI, LOCAL, REDIS, JDBC, SPRING, MICROMETER, JACKSON};

    static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("/proof/"))
            .importPackages(CORE);

    private Rooms() {}
}
