package dev.getorcreate.examples.demo;

import dev.getorcreate.Outcome;

/** What is tried: one process's part of it. */
interface Subject extends AutoCloseable {

    Outcome<String> ask(String key) throws Exception;

    /** Counters worth a look when something went wrong, as {@code name=value}, blank between. */
    String counters();

    @Override
    void close();
}
