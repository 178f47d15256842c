package dev.getorcreate.bench;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Who had the machine's processors for a while, as parts of their whole time; no numbers where it is not known.
 *
 * @param own the bench and all that it has started
 * @param others other processes, and the kernel
 * @param stolen other virtual machines
 */
record MachineShare(double own, double others, double stolen) {

    static final MachineShare UNKNOWN = new MachineShare(Double.NaN, Double.NaN, Double.NaN);

    /** Of several turns, as a sentence. */
    static String text(Stream<MachineShare> turns) {
        List<MachineShare> shares =
                turns.filter(each -> Double.isFinite(each.others)).toList();
        if (shares.isEmpty()) {
            return "What else the machine did meanwhile is not known.";
        }
        return String.format(
                Locale.ROOT,
                "Of the processors' time in the turns these processes had %s, others %s, and other machines stole %s.",
                percent(shares, MachineShare::own),
                percent(shares, MachineShare::others),
                percent(shares, MachineShare::stolen));
    }

    private static String percent(List<MachineShare> shares, ToDoubleFunction<MachineShare> part) {
        return Spread.of(shares.stream().mapToDouble(part).map(each -> each * 100))
                .text("%.0f %%");
    }
}
