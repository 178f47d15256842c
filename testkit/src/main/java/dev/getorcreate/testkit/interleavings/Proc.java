package dev.getorcreate.testkit.interleavings;

/** A process of the explored system: what a crash ends and a freeze stops. Guard of all: the baton. */
final class Proc {

    final String name;
    final int resource;
    private boolean crashed;
    private boolean frozen;

    Proc(String name, int resource) {
        this.name = name;
        this.resource = resource;
    }

    boolean runs() {
        return !crashed && !frozen;
    }

    boolean hasCrashed() {
        return crashed;
    }

    boolean isFrozen() {
        return frozen;
    }

    void crash() {
        crashed = true;
    }

    void freeze(boolean on) {
        frozen = on;
    }
}
