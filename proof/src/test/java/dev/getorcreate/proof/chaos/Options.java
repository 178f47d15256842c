package dev.getorcreate.proof.chaos;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asked for.
 *
 * @param check a folder with a history that is to be judged, instead of a run
 */
record Options(
        int processes,
        int threads,
        int seconds,
        long seed,
        String topology,
        boolean arbiter,
        boolean keep,
        @Nullable Path check,
        boolean help) {

    static Options defaults(long seed) {
        return new Options(4, 4, 30, seed, Topology.STANDALONE, true, false, null, false);
    }

    /**
     * Reads {@code --name value} and {@code --name=value}.
     *
     * @param drawn the seed where none is named
     * @throws IllegalArgumentException with a text for the user
     */
    static Options parse(List<String> args, long drawn) {
        Options options = defaults(drawn);
        Iterator<String> rest = args.iterator();
        while (rest.hasNext()) {
            options = options.with(rest.next(), rest);
        }
        return options;
    }

    private Options with(String arg, Iterator<String> rest) {
        int equals = arg.indexOf('=');
        String name = equals < 0 ? arg : arg.substring(0, equals);
        int newProcesses = processes;
        int newThreads = threads;
        int newSeconds = seconds;
        long newSeed = seed;
        String newTopology = topology;
        boolean newArbiter = arbiter;
        boolean newKeep = keep;
        Path newCheck = check;
        boolean newHelp = help;
        switch (name) {
            case "--processes" -> newProcesses = (int) number(name, value(arg, equals, rest), 2, 16);
            case "--threads" -> newThreads = (int) number(name, value(arg, equals, rest), 1, 16);
            case "--seconds" -> newSeconds = (int) number(name, value(arg, equals, rest), 8, 600);
            case "--seed" -> newSeed = number(name, value(arg, equals, rest), Long.MIN_VALUE, Long.MAX_VALUE);
            case "--topology" -> newTopology = oneOf(name, value(arg, equals, rest), Topology.KNOWN);
            case "--no-arbiter" -> newArbiter = !flag(name, equals);
            case "--keep" -> newKeep = flag(name, equals);
            case "--check" -> newCheck = folder(name, value(arg, equals, rest));
            case "--help", "-h" -> newHelp = flag(name, equals);
            default -> throw new IllegalArgumentException("unknown option '" + arg + "'");
        }
        return new Options(
                newProcesses, newThreads, newSeconds, newSeed, newTopology, newArbiter, newKeep, newCheck, newHelp);
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
            throw new IllegalArgumentException(arg + " needs a value after it");
        }
        return rest.next();
    }

    private static Path folder(String name, String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException(name + " needs a folder that an earlier run has kept");
        }
        return Path.of(text);
    }

    private static String oneOf(String name, String text, List<String> known) {
        if (!known.contains(text)) {
            throw new IllegalArgumentException(
                    name + " must be one of " + String.join(", ", known) + ", not '" + text + "'");
        }
        return text;
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
