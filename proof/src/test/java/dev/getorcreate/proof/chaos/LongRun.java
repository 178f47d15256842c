package dev.getorcreate.proof.chaos;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/** A run that is made of pieces, in as many calls as one likes. */
final class LongRun {

    /** Plays one, and judges it; gives what is {@link Verdict#result()}. */
    interface Piece {
        Map<String, Object> play(Options options) throws Exception;
    }

    private static final String CONTESTED = "contested";
    private static final String VIOLATIONS = "violations";

    private final Piece piece;
    private final Consumer<String> out;

    LongRun(Piece piece, Consumer<String> out) {
        this.piece = piece;
        this.out = out;
    }

    /**
     * Plays pieces until together they have enough contested creations, or as many as are wished for now, or one in which
     * something was violated.
     *
     * @return whether nothing was violated in any of them, those of former calls too
     */
    boolean play(Options options, Path into) throws Exception {
        try (Pieces pieces = Pieces.in(into, options.namedSeed(), options.seed())) {
            long violations = 0;
            for (int now = 0;
                    violations == 0 && now < options.pieces() && pieces.sumOf(CONTESTED) < options.contested();
                    now++) {
                out.accept("Piece %d: so far %d of %d contested creations"
                        .formatted(pieces.next(), pieces.sumOf(CONTESTED), options.contested()));
                Options next = options.withSeed(pieces.nextSeed());
                pieces.add(next, piece.play(next));
                violations = pieces.sumOf(VIOLATIONS);
            }
            out.accept("RESULT " + Json.write(pieces.sum()));
            return pieces.sumOf(VIOLATIONS) == 0;
        }
    }
}
