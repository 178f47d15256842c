package dev.getorcreate.bench;

/** A part that fails after an hour still says what it has measured until then. */
final class Unfinished {

    private Unfinished() {}

    /**
     * Measures. If that fails, it is told after the tables.
     *
     * @param tables prints those of what is complete by then
     */
    static void measure(Runnable measuring, Runnable tables) {
        try {
            measuring.run();
        } catch (Throwable e) { // a process that has ended is an Error
            System.out.println("\nIT FAILED: " + e + "\nWhat follows is what was complete by then.");
            try {
                tables.run();
            } catch (RuntimeException inTheTables) {
                e.addSuppressed(inTheTables);
            }
            throw e;
        }
    }
}
