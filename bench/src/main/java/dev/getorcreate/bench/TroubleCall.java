package dev.getorcreate.bench;

/**
 * One call of {@link TroubleLoad}. Moments are in nanoseconds from the start.
 *
 * @param due when its caller came; its time counts from then
 * @param began when its thread was free for it
 * @param how a source, {@link #UNMADE}, or, after {@code !}, an error
 */
record TroubleCall(long due, long began, long ended, String how) {

    /** The load was over before its thread came to it: it took at least until then. */
    static final String UNMADE = "-";

    /** What {@link #text} gave. */
    static TroubleCall parse(String text) {
        String[] parts = text.split(":", -1);
        return new TroubleCall(Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]), parts[3]);
    }

    /** Without blanks. */
    String text() {
        return due + ":" + began + ":" + ended + ":" + how;
    }

    boolean isError() {
        return how.startsWith("!");
    }

    boolean isUnmade() {
        return how.equals(UNMADE);
    }
}
