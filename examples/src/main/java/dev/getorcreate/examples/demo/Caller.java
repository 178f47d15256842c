package dev.getorcreate.examples.demo;

/** A thread of the traffic; it knows its number, so that what it does can be told apart from others' doings. */
final class Caller extends Thread {

    /** What a thread that is no caller is called in the journal. */
    static final int NOBODY = 255;

    private final int number;

    Caller(int number, Runnable work) {
        super(work, "caller-" + (number + 1));
        this.number = number;
        setDaemon(true);
    }

    static int current() {
        return Thread.currentThread() instanceof Caller caller ? caller.number : NOBODY;
    }
}
