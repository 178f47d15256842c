import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Adds up the test reports under DIR/JDK and says what must not pass for success: a failure, a skip that is not on the
 * list, a run that ran nothing, and a run on another JDK than it claims.
 *
 * <p>Usage: java TestCount.java DIR LIST JDK...
 */
public class TestCount {

    private int tests;
    private int failed;
    private int skipped;
    private final List<String> complaints = new ArrayList<>();
    private final Set<String> maySkip;

    private TestCount(Set<String> maySkip) {
        this.maySkip = maySkip;
    }

    public static void main(String[] args) throws Exception {
        Set<String> maySkip = Files.readAllLines(Path.of(args[1])).stream()
                .filter(line -> line.endsWith(" Docker only"))
                .map(line -> line.split("\\s")[0])
                .collect(Collectors.toSet());
        TestCount all = new TestCount(maySkip);
        for (int i = 2; i < args.length; i++) {
            TestCount one = new TestCount(maySkip);
            one.read(Path.of(args[0], args[i]), args[i]);
            System.out.println("on JDK " + args[i] + ": " + one);
            all.tests += one.tests;
            all.failed += one.failed;
            all.skipped += one.skipped;
            all.complaints.addAll(one.complaints);
        }
        all.complaints.forEach(System.out::println);
        System.out.println("tests: " + all);
        System.exit(all.complaints.isEmpty() ? 0 : 1);
    }

    private void read(Path folder, String jdk) throws Exception {
        for (Path report : reports(folder)) {
            Element suite = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(report.toFile())
                    .getDocumentElement();
            checkJdk(suite, jdk, report);
            NodeList cases = suite.getElementsByTagName("testcase");
            for (int i = 0; i < cases.getLength(); i++) {
                count((Element) cases.item(i), jdk);
            }
        }
        if (tests == 0) {
            complaints.add("JDK " + jdk + ": no test ran");
        }
    }

    private static List<Path> reports(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.getFileName().toString().matches("TEST-.*\\.xml"))
                    .sorted()
                    .toList();
        }
    }

    private void count(Element test, String jdk) {
        String name = test.getAttribute("classname") + "#" + test.getAttribute("name");
        tests++;
        if (test.getElementsByTagName("failure").getLength() + test.getElementsByTagName("error").getLength() > 0) {
            failed++;
            complaints.add("JDK " + jdk + ": failed: " + name);
        } else if (test.getElementsByTagName("skipped").getLength() > 0) {
            skipped++;
            // A parameterized test is named method(Types)[1].
            String method = name.replaceFirst("[(\\[{].*", "");
            if (!maySkip.contains(method) && !maySkip.contains(test.getAttribute("classname"))) {
                complaints.add("JDK " + jdk + ": skipped, and not on the list of what may be: " + name);
            }
        }
    }

    private void checkJdk(Element suite, String jdk, Path report) {
        NodeList properties = suite.getElementsByTagName("property");
        for (int i = 0; i < properties.getLength(); i++) {
            Element property = (Element) properties.item(i);
            if (property.getAttribute("name").equals("java.specification.version")
                    && !property.getAttribute("value").equals(jdk)) {
                complaints.add("JDK " + jdk + ": " + report.getFileName() + " ran on " + property.getAttribute("value"));
            }
        }
    }

    @Override
    public String toString() {
        return (tests - failed - skipped) + " passed, " + failed + " failed, " + skipped + " skipped";
    }
}
