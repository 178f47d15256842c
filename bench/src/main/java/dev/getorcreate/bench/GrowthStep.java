package dev.getorcreate.bench;

import java.util.List;

/** So many processes and threads, and what was seen there. */
record GrowthStep(StampedeOptions options, List<StampedeTurn> turns) {

    StampedeFigures figures() {
        return new StampedeFigures(turns);
    }

    double perKeyAndProcess(StampedeTurn turn) {
        return turn.commandsPerKey() / options.processes();
    }
}
