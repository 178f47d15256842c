package dev.getorcreate.proof.arch;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
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
    void theTestsThemselvesDoNotSleep() {
        JavaClasses tests = new ClassFileImporter().importPackages("dev.getorcreate.proof", "dev.getorcreate.testkit");
        noClasses()
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Thread.class, "sleep", long.class, int.class)
                .check(tests);
    }
}
