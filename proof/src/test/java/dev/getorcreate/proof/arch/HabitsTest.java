package dev.getorcreate.proof.arch;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Habits that a reviewer should not have to look for. */
class HabitsTest {

    private static final Set<String> CLOCKS = Set.of(
            "java.lang.System.nanoTime",
            "java.lang.System.currentTimeMillis",
            "java.time.Instant.now",
            "java.time.Clock.systemUTC");

    private static final DescribedPredicate<JavaCall<?>> READING_THE_CLOCK = describe(
            "reading the clock past the TimeSource",
            call -> CLOCKS.contains(call.getTarget().getOwner().getName() + "."
                    + call.getTarget().getName()));

    private static final DescribedPredicate<JavaCall<?>> WAITING = describe("waiting past the TimeSource", call -> {
        CodeUnitCallTarget target = call.getTarget();
        String name = target.getName();
        return switch (name) {
            case "sleep" -> target.getOwner().isEquivalentTo(Thread.class);
            case "wait" -> true;
            case "get" -> target.getOwner().isAssignableTo(Future.class);
            case "join" ->
                target.getOwner().isAssignableTo(Future.class)
                        || target.getOwner().isAssignableTo(Thread.class);
            case "await" ->
                target.getOwner().isAssignableTo(CountDownLatch.class)
                        || target.getOwner().isAssignableTo(Condition.class);
            case "acquire", "tryAcquire" -> target.getOwner().isAssignableTo(Semaphore.class);
            case "take", "poll", "put" -> target.getOwner().isAssignableTo(BlockingQueue.class);
            default -> target.getOwner().isEquivalentTo(LockSupport.class) && name.startsWith("park");
        };
    });

    /** Where it is what is tested, or played, that takes its time, and nothing tells of its end. */
    private static final Set<String> SLEEPING = Set.of(
            // A run lasts for as long as it was told to; its callers and its faults have a pace.
            "dev.getorcreate.proof.chaos.Calls",
            "dev.getorcreate.proof.chaos.Faults",
            "dev.getorcreate.proof.chaos.Lanes",
            "dev.getorcreate.proof.chaos.PacedTraffic",
            "dev.getorcreate.proof.chaos.Player",
            "dev.getorcreate.proof.chaos.Pulse",
            // Creators are as slow as the test says, and the callers of many processes go at one moment.
            "dev.getorcreate.proof.processes.Requests",
            // A store is closed at any moment of its attempts to connect.
            "dev.getorcreate.redis.HandshakeTimerTest",
            // Samples for how long a connection is believed, between one answer and the next.
            "dev.getorcreate.redis.RedisLinkIT",
            // The kernel tells nobody when a process has stopped.
            "dev.getorcreate.testkit.Leashed",
            // Looks for an exploration that is stuck.
            "dev.getorcreate.testkit.interleavings.Run");

    @Test
    void aLibraryNeverPrints() {
        noClasses()
                .that()
                .resideInAnyPackage(Rooms.PRODUCTION)
                .should(ACCESS_STANDARD_STREAMS)
                .check(Rooms.ALL);
    }

    /** The coarse clock is a clock itself: its thread sleeps between steps, and sets what the clock behind it says. */
    @Test
    void theEngineReadsNoClockAndWaitsForNothingButThroughItsDoorsSoThatATestOwnsTime() {
        noClasses()
                .that()
                .resideInAPackage(Rooms.CORE)
                .and()
                .doNotHaveFullyQualifiedName("dev.getorcreate.CoarseTime")
                .should()
                .callMethodWhere(READING_THE_CLOCK)
                .orShould()
                .callMethodWhere(WAITING)
                .check(Rooms.ALL);
    }

    /** The arbiter sleeps between attempts at a deadlocked statement: there a database gives nothing to wait for. */
    @Test
    void nothingSleepsWhereAPushOrATimerCanWake() {
        noClasses()
                .that()
                .resideInAnyPackage(Rooms.PRODUCTION)
                .and()
                .resideOutsideOfPackage(Rooms.JDBC)
                .should()
                .callMethodWhere(describe(
                        "Thread.sleep",
                        call -> call.getTarget().getName().equals("sleep")
                                && call.getTarget().getOwner().isEquivalentTo(Thread.class)))
                .check(Rooms.ALL);
    }

    @Test
    void nothingIsSerializedByJava() {
        noClasses()
                .that()
                .resideInAnyPackage(Rooms.PRODUCTION)
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ObjectInputStream.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(ObjectOutputStream.class)
                .check(Rooms.ALL);
    }

    @Test
    void theTestsThemselvesDoNotSleep() throws IOException {
        Set<String> sleeping = tests().stream()
                .flatMap(type -> type.getMethodCallsFromSelf().stream())
                .filter(HabitsTest::sleeps)
                .map(call -> call.getOriginOwner().getName().replaceFirst("\\$.*", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(new TreeSet<>(SLEEPING), sleeping);
    }

    private static boolean sleeps(JavaCall<?> call) {
        JavaClass owner = call.getTarget().getOwner();
        String name = call.getTarget().getName();
        return name.equals("sleep") && (owner.isEquivalentTo(Thread.class) || owner.isEquivalentTo(TimeUnit.class))
                || name.matches("park(Nanos|Until)") && owner.isEquivalentTo(LockSupport.class);
    }

    /** Of all modules, and the testkit. Those that this one does not depend on may not be built. */
    private static JavaClasses tests() throws IOException {
        Path root = Path.of("").toAbsolutePath().getParent();
        List<Path> compiled = new ArrayList<>(List.of(root.resolve("testkit/target/classes")));
        try (Stream<Path> modules = Files.list(root)) {
            for (Path module : modules.filter(it -> Files.isDirectory(it.resolve("src/test/java")))
                    .toList()) {
                Path classes = module.resolve("target/test-classes");
                if (!Set.of("bench", "examples").contains(module.getFileName().toString())) {
                    assertTrue(Files.isDirectory(classes), () -> classes + " is missing: build with -am");
                }
                compiled.add(classes);
            }
        }
        return new ClassFileImporter()
                .importPaths(compiled.stream().filter(Files::isDirectory).toList());
    }
}
