package dev.getorcreate.testkit.interleavings;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.Lock;

/** A small program drawn from a seed: callers that read, write, add, compare and set, wait for one another, or crash. */
final class RandomProgram {

    private static final String[] REGISTERS = {"x", "y", "z"};

    private static final int LOCK = 5;

    private final List<List<int[]>> callers = new ArrayList<>();
    private final boolean crash;

    RandomProgram(long seed) {
        Random random = new Random(seed);
        int count = 2 + random.nextInt(2);
        int longest = count == 2 ? 4 : 2;
        for (int i = 0; i < count; i++) {
            List<int[]> steps = new ArrayList<>();
            int length = 1 + random.nextInt(longest);
            for (int k = 0; k < length; k++) {
                steps.add(new int[] {random.nextInt(10), random.nextInt(REGISTERS.length), random.nextInt(3)});
            }
            if (random.nextInt(3) == 0) {
                steps.add(0, new int[] {LOCK, 0, 0});
            }
            callers.add(steps);
        }
        crash = random.nextInt(3) == 0;
    }

    /** Everything that can be told apart at the end: what is in the registers, what each caller saw, who waits for ever. */
    Set<String> endings(Interleavings explorer, List<Report> reports) {
        Set<String> endings = new TreeSet<>();
        reports.add(explorer.explore(result -> {
            endings.add(ending(result));
        }));
        return endings;
    }

    /** The registers of the run that is going on. Guard: one run at a time. */
    private SteppedStore registers;

    private String ending(Result result) {
        StringBuilder text = new StringBuilder();
        for (String register : REGISTERS) {
            text.append(registers.get(register)).append(' ');
        }
        for (int i = 0; i < callers.size(); i++) {
            text.append(result.answer("caller " + i)).append(result.crashed("caller " + i) ? "crashed " : " ");
        }
        return text.append(result.faults()).toString();
    }

    void scenario(Setup setup) {
        registers = setup.store("r");
        Lock lock = setup.lock("lock");
        Mail mail = new Mail(setup, registers);
        for (int i = 0; i < callers.size(); i++) {
            List<int[]> steps = callers.get(i);
            int number = i;
            setup.caller("caller " + i, () -> run(steps, number, registers, lock, mail));
        }
        if (crash) {
            setup.mayCrash("caller 0");
            setup.mayHappen("x is lost", () -> registers.endLife("x"));
        }
    }

    /** What is sent arrives later, in order, and writes by steps of its own: as a connection does. */
    private static final class Mail {
        private final Deque<String> letters = new ArrayDeque<>();

        Mail(Setup setup, SteppedStore target) {
            setup.process("mail").helper("postman", () -> deliver(target));
        }

        void send(String register) {
            Steps.writes("letters", "send", () -> letters.add(register));
        }

        private void deliver(SteppedStore target) {
            while (true) {
                Steps.waits("letters", "arrives", () -> !letters.isEmpty());
                Steps.touches("letters", true);
                target.set(letters.remove(), "by mail");
            }
        }
    }

    private static String run(List<int[]> steps, int caller, SteppedStore registers, Lock lock, Mail mail) {
        StringBuilder seen = new StringBuilder();
        boolean locked = false;
        for (int[] step : steps) {
            String register = REGISTERS[step[1]];
            switch (step[0]) {
                case 0, 1 -> seen.append(registers.get(register));
                case 2 -> registers.set(register, caller + "-" + step[2]);
                case 3 -> seen.append(registers.setIfAbsent(register, "n" + caller));
                case 4 -> seen.append(registers.replaceIf(register, "n" + (1 - caller), "r" + caller));
                case LOCK -> {
                    if (locked) {
                        lock.unlock();
                    } else {
                        lock.lock();
                    }
                    locked = !locked;
                }
                case 6 -> registers.delete(register);
                case 7 -> mail.send(register);
                // Others make it true, false again, and true.
                default -> Steps.waits("r " + register, "wait", () -> registers.has(register));
            }
        }
        if (locked) {
            lock.unlock();
        }
        return seen.toString();
    }
}
