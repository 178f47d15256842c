package dev.getorcreate.examples.demo;

import java.util.Iterator;
import java.util.List;

/** What the command line asked for. */
record Options(int processes, int threads, int seconds, long seed, boolean keep, boolean help) {

    static final Options DEFAULT = new Options(4, 16, 25, 1, false, false);

    /**
     * Reads {@code --name value} and {@code --name=value}.
     *
     * @throws IllegalArgumentException with a text for the user
     */
    static Options parse(List<String> args) {
        int processes = DEFAULT.processes;
        int threads = DEFAULT.threads;
        int seconds = DEFAULT.seconds;
        long seed = DEFAULT.seed;
        boolean keep = false;
        boolean help = false;
        Iterator<String> rest = args.iterator();
        while (rest.hasNext()) {
            String arg = rest.next();
            int equals = arg.indexOf('=');
            String name = equals < 0 ? arg : arg.substring(0, equals);
            switch (name) {
                case "--processes" -> processes = (int) number(name, value(arg, equals, rest), 2, 32);
                case "--threads" -> threads = (int) number(name, value(arg, equals, rest), 1, 64);
                case "--seconds" -> seconds = (int) number(name, value(arg, equals, rest), 12, 600);
                case "--seed" -> seed = number(name, value(arg, equals, rest), Long.MIN_VALUE, Long.MAX_VALUE);
                case "--keep" -> keep = flag(name, equals);
                case "--help", "-h" -> help = flag(name, equals);
                default -> throw new IllegalArgumentException("unknown option '" + arg + "'");
            }
        }
        return new Options(processes, threads, seconds, seed, keep, help);
    }

    private static boolean flag(String name, int equals) {
        if (equals >= 0) {
            throw new IllegalArgumentException(name + " takes no value");
        }
        return true;
    }

    private static String value(String arg, int equals, Iterator<String> rest) {
        if (equals >= 0) {
            return arg.substring(equals + 1);
        }
        if (!rest.hasNext()) {
            throw new IllegalArgumentException(arg + " needs a number after it");
        }
        return rest.next();
    }

    private static long number(String name, String text, long least, long most) {
        long number;
        try {
            number = Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " needs a whole number, not '" + text + "'", e);
        }
        if (number < least || number > most) {
            throw new IllegalArgumentException(name + " must be between " + least + " and " + most + ", not " + number);
        }
        return number;
    }
}
