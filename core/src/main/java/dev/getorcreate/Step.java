package dev.getorcreate;

/** Part of a resolution or a look, which may run the user's code. */
@FunctionalInterface
interface Step<T> {
    T run() throws Failed;
}
