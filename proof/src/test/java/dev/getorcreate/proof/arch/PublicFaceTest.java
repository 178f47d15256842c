package dev.getorcreate.proof.arch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What users can see is chosen, not left over. */
class PublicFaceTest {

    /** A type is added here on purpose, after asking whether it is needed: about twenty is the limit. */
    private static final Set<String> API = Set.of(
            "Arbiter",
            "ArbiterFailedException",
            "CacheBuilder",
            "CacheClosedException",
            "CacheException",
            "CacheListener",
            "CacheStats",
            "CreationFailedException",
            "Creator",
            "GetOrCreateCache",
            "Invalidation",
            "Outcome",
            "RecursiveCreationException",
            "Ruling",
            "SharedStoreUnavailableException",
            "Source",
            "WaitInterruptedException",
            "WaitTimeoutException",
            "WhenSharedDown");

    private static final int MOST_IN_AN_ADAPTER = 8;

    private static Set<String> publicTypes(String packageName) {
        return Rooms.ALL.stream()
                .filter(type -> type.getPackageName().equals(packageName))
                .filter(type -> type.isTopLevelClass() && type.getModifiers().contains(JavaModifier.PUBLIC))
                .map(JavaClass::getSimpleName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void theApiIsTheseTypesAndTheEngineIsHidden() {
        assertEquals(new TreeSet<>(API), publicTypes(Rooms.CORE));
    }

    @Test
    void anAdapterShowsItsDoorAndHidesTheRest() {
        for (String room : Set.of("local", "redis", "jdbc", "spring", "micrometer", "jackson")) {
            Set<String> shown = publicTypes("dev.getorcreate." + room);
            assertTrue(
                    !shown.isEmpty() && shown.size() <= MOST_IN_AN_ADAPTER,
                    room + " must show 1 to " + MOST_IN_AN_ADAPTER + " types, and shows " + shown);
        }
    }

    @Test
    void noPackageIsADrawerForWhatHasNoPlace() {
        noClasses()
                .should()
                .resideInAnyPackage(
                        "..common..", "..util..", "..utils..", "..impl..", "..internal..", "..helper..", "..misc..")
                .check(Rooms.ALL);
    }

    @Test
    void everyPackageIsNullMarked() {
        Set<JavaPackage> packages =
                Rooms.ALL.stream().map(JavaClass::getPackage).collect(Collectors.toSet());
        assertTrue(packages.size() >= 8, "packages seen: " + packages);
        for (JavaPackage each : packages) {
            assertTrue(
                    each.isAnnotatedWith(NullMarked.class),
                    each.getName() + " needs a package-info.java with @NullMarked");
        }
    }
}
