package dev.getorcreate.bench;

import java.lang.management.ManagementFactory;
import java.util.Locale;

/** What else the machine was doing: without it no figure says anything. */
final class Machine {

    private Machine() {}

    /** One line, as of now. */
    static String load() {
        return String.format(
                Locale.ROOT,
                "%d processors, load average of the last minute %.1f, Java %s",
                Runtime.getRuntime().availableProcessors(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                System.getProperty("java.version"));
    }
}
