package dev.getorcreate.proof.chaos;

/**
 * One line of a process's history: {@code at KIND call key detail}.
 *
 * @param at {@link System#nanoTime()}: on Linux that is CLOCK_MONOTONIC, which all processes of one boot share
 * @param process the place in the run, which a new process takes over when one was killed
 * @param life which process of that place
 * @param call the number of the call in its process that this belongs to, 0 if to none
 * @param key {@code -} where there is none
 * @param detail what each kind says, perhaps empty
 */
record Event(long at, Kind kind, int process, int life, long call, String key, String detail) {

    static final String NO_KEY = "-";

    /** What is written down. */
    enum Kind {
        /** A call begins; the detail is its {@link Op}. */
        CALL,
        /** It was answered: {@code SOURCE value}. */
        ANSWER,
        /** It ended, and there was nothing. */
        EMPTY,
        /** It ended with an exception. */
        ERROR,
        /** A creator begins; the detail is the identity of what it would make. */
        CREATING,
        /** A creator ended well. */
        CREATED,
        /** The row was read; the detail is its value, or {@code -}. */
        READ,
        /** The insert of this identity begins, so its commit is not over. */
        INSERTING,
        /** The insert is over: {@code VERDICT value}. */
        INSERTED,
        /** The change of a row begins. */
        CHANGING,
        /** It is committed; the detail is the new value. */
        COMMITTED,
        /** The invalidation begins. */
        INVALIDATING,
        /** It ended: CONFIRMED or PENDING; so did its call. */
        INVALIDATED,
        /** The whole process did not get to run for so many nanoseconds, which ended here. */
        STALL,
        /** The process ended in peace: all its calls have ended. */
        BYE;

        boolean endsItsCall() {
            return this == ANSWER || this == EMPTY || this == ERROR || this == INVALIDATED;
        }
    }

    /** What is called. */
    enum Op {
        OBTAIN,
        FIND,
        CHANGE
    }

    /** As much of a line as tells where it belongs. */
    record Heading(long at, String key) {

        static Heading of(String line) {
            int kind = line.indexOf(' ');
            int call = line.indexOf(' ', kind + 1);
            int key = line.indexOf(' ', call + 1);
            return new Heading(
                    Long.parseLong(line.substring(0, kind)), line.substring(key + 1, line.indexOf(' ', key + 1)));
        }
    }

    String toLine() {
        return at + " " + kind + " " + call + " " + key + " " + detail + "\n";
    }

    static Event parse(String line, int process, int life) {
        String[] words = line.split(" ", 5);
        return new Event(
                Long.parseLong(words[0]),
                Kind.valueOf(words[1]),
                process,
                life,
                Long.parseLong(words[2]),
                words[3],
                words[4]);
    }

    /** For people. */
    String who() {
        return who(process, life);
    }

    static String who(int process, int life) {
        return "process " + process + (life == 1 ? "" : " (life " + life + ")");
    }

    boolean sameProcess(Event other) {
        return process == other.process && life == other.life;
    }
}
