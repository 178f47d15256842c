package dev.getorcreate.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What {@link Broadcast} measured in each round, and its tables. */
final class BroadcastFigures {

    private final Map<String, List<Double>> values = new HashMap<>();

    void add(String name, double value) {
        values.computeIfAbsent(name, any -> new ArrayList<>()).add(value);
    }

    void print(List<String> modes, List<String> sets) {
        System.out.println("| tracking | the deleted keys were read by | server CPU us/key, median (least to greatest)"
                + " | bytes out/key | keys told/key |");
        System.out.println("|---|---|---|---|---|");
        List<String> json = new ArrayList<>();
        for (String mode : modes) {
            for (String set : sets) {
                List<Double> cpu = sorted(mode + set + "Cpu");
                double bytes = median(mode + set + "Bytes");
                double told = median(mode + set + "Told");
                System.out.printf(
                        Locale.ROOT,
                        "| %s | %s | %.1f (%.1f to %.1f) | %.1f | %.2f |%n",
                        mode,
                        set,
                        median(mode + set + "Cpu"),
                        cpu.get(0),
                        cpu.get(cpu.size() - 1),
                        bytes,
                        told);
                json.add(String.format(
                        Locale.ROOT,
                        "\"%s, read by %s\": {\"cpuMicros\": %.1f, \"bytesOut\": %.1f, \"told\": %.2f}",
                        mode,
                        set,
                        median(mode + set + "Cpu"),
                        bytes,
                        told));
            }
        }
        System.out.printf("%n| tracking | memory of the server, KB |%n|---|---|%n");
        for (String mode : modes) {
            double memory = median(mode + "Memory");
            System.out.printf(Locale.ROOT, "| %s | %.0f |%n", mode, memory);
            json.add(String.format(Locale.ROOT, "\"%sMemoryKb\": %.0f", mode, memory));
        }
        System.out.println("\nRESULT {" + String.join(", ", json) + "}");
    }

    private List<Double> sorted(String name) {
        return values.getOrDefault(name, List.of()).stream().sorted().toList();
    }

    private double median(String name) {
        List<Double> all = sorted(name);
        return all.get(all.size() / 2);
    }
}
