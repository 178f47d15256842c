package dev.getorcreate.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What {@link Broadcast} measured in each round, and its tables. */
final class BroadcastFigures {

    private final Map<String, List<Double>> values = new LinkedHashMap<>();

    void add(String name, double value) {
        values.computeIfAbsent(name, any -> new ArrayList<>()).add(value);
    }

    void print(String before, List<String> modes, List<String> sets) {
        System.out.println("| tracking | the deleted keys were read by | server CPU us/key, median (least to greatest)"
                + " | bytes out/key | keys told/key |");
        System.out.println("|---|---|---|---|---|");
        Map<String, Object> result = new LinkedHashMap<>();
        for (String mode : modes) {
            for (String set : sets) {
                Spread cpu = of(mode + set + "Cpu");
                double bytes = of(mode + set + "Bytes").median();
                double told = of(mode + set + "Told").median();
                System.out.printf(
                        Locale.ROOT, "| %s | %s | %s | %.1f | %.2f |%n", mode, set, cpu.text("%.1f"), bytes, told);
                result.put(
                        mode + ", read by " + set,
                        Map.of(
                                "cpuMicros", Results.rounded(cpu.median()),
                                "bytesOut", Results.rounded(bytes),
                                "told", Results.rounded(told)));
            }
        }
        System.out.printf("%n| tracking | memory of the server, KB |%n|---|---|%n");
        for (String mode : modes) {
            double memory = of(mode + "Memory").median();
            System.out.printf(Locale.ROOT, "| %s | %.0f |%n", mode, memory);
            result.put(mode + "MemoryKb", Results.rounded(memory));
        }
        System.out.println();
        Results.write("Broadcast", Map.of("machineAtTheStart", before, "result", result, "rounds", values));
        Results.print(result);
    }

    private Spread of(String name) {
        return Spread.of(values.getOrDefault(name, List.of()));
    }
}
