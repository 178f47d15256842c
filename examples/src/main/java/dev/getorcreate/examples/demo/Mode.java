package dev.getorcreate.examples.demo;

/** The three runs. */
enum Mode {
    /** Get, miss, create, set; a table without the constraint. */
    NAIVE("naive", "get, miss, create, set"),
    /** All three tiers, and faults. */
    CURED("cured", "GetOrCreateCache: local, Redis, unique constraint; with faults"),
    /** Local and Redis: neither constraint nor faults, so that nothing but the claim keeps others out. */
    CLAIM_ONLY("claim only", "GetOrCreateCache: local, Redis; no constraint, no faults");

    private final String title;
    private final String detail;

    Mode(String title, String detail) {
        this.title = title;
        this.detail = detail;
    }

    String title() {
        return title;
    }

    String detail() {
        return detail;
    }

    /** As part of a name in Redis and in the database. */
    String slug() {
        return title.replace(' ', '_');
    }
}
