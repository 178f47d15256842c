package dev.getorcreate.proof.mutants;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.launcher.TagFilter.excludeTags;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs the tests that are named {@code class#method}, in this JVM, against whatever classes stand first on its class path.
 * Ends with 0 if all were green, with {@value #RED} if one was red, and with another status where nothing can be said: a
 * test that is not there or was skipped kills nobody.
 */
final class Killer {

    private static final int RED = 9;
    private static final int UNKNOWN = 10;

    private Killer() {}

    public static void main(String[] tests) {
        Outcomes outcomes = new Outcomes(new TreeSet<>(Arrays.asList(tests)));
        LauncherFactory.create().execute(request(tests), outcomes);
        // Halts: what a mutant left running must not keep the JVM.
        Runtime.getRuntime().halt(outcomes.status());
    }

    private static LauncherDiscoveryRequest request(String[] tests) {
        Set<String> wanted = Set.of(tests);
        PostDiscoveryFilter named = test -> FilterResult.includedIf(
                test.getSource().filter(MethodSource.class::isInstance).isEmpty() || wanted.contains(nameOf(test)));
        return LauncherDiscoveryRequestBuilder.request()
                .selectors(wanted.stream()
                        .map(test -> test.substring(0, test.indexOf('#')))
                        .distinct()
                        .map(name -> selectClass(name))
                        .collect(Collectors.toList()))
                .filters(named, excludeTags("matrix"))
                .configurationParameter("junit.jupiter.execution.timeout.default", "2 m")
                .build();
    }

    /** By the class that was asked for: a contract's methods are declared in its base. */
    private static String nameOf(TestDescriptor test) {
        MethodSource source = (MethodSource) test.getSource().orElseThrow();
        return source.getClassName() + "#" + source.getMethodName();
    }

    private static final class Outcomes implements TestExecutionListener {

        private final Set<String> missing;

        Outcomes(Set<String> wanted) {
            this.missing = wanted;
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            result.getThrowable().ifPresent(thrown -> {
                System.out.println(test.getDisplayName() + ": " + thrown);
            });
            if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                System.out.flush();
                // Enough is seen, and what the mutant does to the other tests may take them long.
                Runtime.getRuntime().halt(saysSomething(test, result) ? RED : UNKNOWN);
            }
            if (result.getStatus() != TestExecutionResult.Status.ABORTED) {
                test.getSource()
                        .filter(MethodSource.class::isInstance)
                        .map(MethodSource.class::cast)
                        .ifPresent(source -> missing.remove(source.getClassName() + "#" + source.getMethodName()));
            }
        }

        /** Not where a server did not start for the whole class, or classes do not fit together. */
        private static boolean saysSomething(TestIdentifier test, TestExecutionResult result) {
            return test.getSource().filter(MethodSource.class::isInstance).isPresent()
                    && result.getThrowable()
                            .filter(thrown -> !(thrown instanceof LinkageError))
                            .isPresent();
        }

        int status() {
            missing.forEach(test -> System.out.println(test + " did not run"));
            return missing.isEmpty() ? 0 : UNKNOWN;
        }
    }
}
