package dev.getorcreate.proof.chaos;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asked for.
 *
 * @param seconds of the run, or of each of its pieces
 * @param seedNamed whether the command line named it
 * @param dense whether one contested key follows the other without a pause
 * @param into a folder that holds the results of a run in pieces, or will
 * @param contested how many contested creations the pieces are to have together
 * @param pieces how many of them to play now at most
 * @param check a folder with a history that is to be judged, instead of a run
 */
record Options(
        int processes,
        int threads,
        int seconds,
        long seed,
        boolean seedNamed,
        String topology,
        boolean arbiter,
        boolean dense,
        @Nullable Path into,
        long contested,
        int pieces,
        boolean keep,
        @Nullable Path check,
        boolean help) {

    private static final String DENSE = "--dense";

    static Options defaults(long seed) {
        return new Options(
                4,
                4,
                30,
                seed,
                false,
                Topology.STANDALONE,
                true,
                false,
                null,
                0,
                Integer.MAX_VALUE,
                false,
                null,
                false);
    }

    private static Options denseDefaults(long seed) {
        return new Options(
                8, 3, 30, seed, false, Topology.STANDALONE, true, true, null, 0, Integer.MAX_VALUE, false, null, false);
    }

    /**
     * Reads {@code --name value} and {@code --name=value}.
     *
     * @param drawn the seed where none is named
     * @throws IllegalArgumentException with a text for the user
     */
    static Options parse(List<String> args, long drawn) {
        return new Reading(args.contains(DENSE) ? denseDefaults(drawn) : defaults(drawn)).all(args);
    }

    /** The seed, if the command line named one. */
    @Nullable
    Long namedSeed() {
        return seedNamed ? Long.valueOf(seed) : null;
    }

    /** As these, for one piece of a run. */
    Options withSeed(long ofPiece) {
        return new Options(
                processes, threads, seconds, ofPiece, false, topology, arbiter, dense, into, contested, pieces, keep,
                check, help);
    }

    /** The options while they are read, one after the other. */
    private static final class Reading {
        private int processes;
        private int threads;
        private int seconds;
        private long seed;
        private boolean seedNamed;
        private String topology;
        private boolean arbiter;
        private boolean dense;
        private @Nullable Path into;
        private long contested;
        private int pieces;
        private boolean keep;
        private @Nullable Path check;
        private boolean help;

        Reading(Options defaults) {
            processes = defaults.processes;
            threads = defaults.threads;
            seconds = defaults.seconds;
            seed = defaults.seed;
            topology = defaults.topology;
            arbiter = defaults.arbiter;
            dense = defaults.dense;
            contested = defaults.contested;
            pieces = defaults.pieces;
        }

        Options all(List<String> args) {
            Iterator<String> rest = args.iterator();
            while (rest.hasNext()) {
                next(rest.next(), rest);
            }
            if (into == null && (contested != 0 || pieces != Integer.MAX_VALUE)) {
                throw new IllegalArgumentException("--contested and --pieces need --into FOLDER");
            }
            if (into != null && contested == 0) {
                throw new IllegalArgumentException("--into needs --contested N: how many creations are wished for");
            }
            return new Options(
                    processes, threads, seconds, seed, seedNamed, topology, arbiter, dense, into, contested, pieces,
                    keep, check, help);
        }

        private void next(String arg, Iterator<String> rest) {
            int equals = arg.indexOf('=');
            String name = equals < 0 ? arg : arg.substring(0, equals);
            switch (name) {
                case "--processes" -> processes = (int) number(name, value(arg, equals, rest), 2, 16);
                case "--threads" -> threads = (int) number(name, value(arg, equals, rest), 1, 16);
                case "--seconds" -> seconds = (int) number(name, value(arg, equals, rest), 8, 600);
                case "--seed" -> {
                    seed = number(name, value(arg, equals, rest), Long.MIN_VALUE, Long.MAX_VALUE);
                    seedNamed = true;
                }
                case "--topology" -> topology = oneOf(name, value(arg, equals, rest), Topology.KNOWN);
                case "--no-arbiter" -> arbiter = !flag(name, equals);
                case DENSE -> dense = flag(name, equals);
                case "--into" -> into = folder(name, value(arg, equals, rest));
                case "--contested" -> contested = number(name, value(arg, equals, rest), 1, Long.MAX_VALUE);
                case "--pieces" -> pieces = (int) number(name, value(arg, equals, rest), 1, Integer.MAX_VALUE);
                case "--keep" -> keep = flag(name, equals);
                case "--check" -> check = folder(name, value(arg, equals, rest));
                case "--help", "-h" -> help = flag(name, equals);
                default -> throw new IllegalArgumentException("unknown option '" + arg + "'");
            }
        }
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
            throw new IllegalArgumentException(name + " needs a folder");
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
