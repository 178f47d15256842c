package dev.getorcreate.proof.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * What is published takes nothing of this build along. Who imports the BOM gets the versions of this library and of nothing else: all that it inherited would be imported too,
 * and go before the versions that Spring Boot or the user's own parent manages.
 */
class BomTest {

    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    private final Element parent = pom("");
    private final Element bom = pom("bom");

    @Test
    void itInheritsNothingThatItWouldExport() {
        assertTrue(at(bom, "parent").isEmpty(), "the BOM must have no parent: an import takes what it inherits, too");
        assertEquals(text(parent, "groupId"), text(bom, "groupId"));
    }

    @Test
    void itManagesWhatIsPublishedAndNothingElse() {
        TreeSet<String> published = new TreeSet<>();
        for (Element module : at(parent, "modules", "module")) {
            Element pom = pom(module.getTextContent());
            if (!text(pom, "artifactId").equals(text(bom, "artifactId"))
                    && !text(pom, "properties", "maven.deploy.skip").equals("true")) {
                published.add("[dev.getorcreate, " + text(pom, "artifactId") + ", ${project.version}]");
            }
        }
        assertTrue(published.size() >= 8, published::toString);
        List<String> managed = at(bom, "dependencyManagement", "dependencies", "dependency").stream()
                .map(dependency ->
                        children(dependency).map(Element::getTextContent).toList())
                .map(List::toString)
                .toList();
        assertEquals(published, new TreeSet<>(managed));
        assertEquals(published.size(), managed.size(), "something is managed twice");
    }

    /** Maven fetches those to read the POM of a dependency, whether anything of them is used or not. */
    @Test
    void whoDependsOnWhatIsPublishedNeedNotResolveTheBomsOfOurTests() {
        for (Element module : at(parent, "modules", "module")) {
            Element pom = pom(module.getTextContent());
            if (!text(pom, "properties", "maven.deploy.skip").equals("true")) {
                assertEquals("", imports(pom), module.getTextContent());
            }
        }
        assertEquals("", imports(parent), "all modules inherit it");
    }

    private static String imports(Element pom) {
        return at(pom, "dependencyManagement", "dependencies", "dependency").stream()
                .filter(dependency -> text(dependency, "scope").equals("import"))
                .map(dependency -> text(dependency, "artifactId") + ' ')
                .reduce("", String::concat);
    }

    @Test
    void whatIsPublishedCarriesItsLicence() throws IOException {
        for (Element module : at(parent, "modules", "module")) {
            Element pom = pom(module.getTextContent());
            if (text(pom, "packaging").isEmpty()
                    && !text(pom, "properties", "maven.deploy.skip").equals("true")) {
                Path licence = ROOT.resolve(module.getTextContent()).resolve("target/classes/META-INF/LICENSE");
                assertEquals(-1, Files.mismatch(ROOT.resolve("LICENSE"), licence), licence.toString());
            }
        }
    }

    @Test
    void allPomsHaveOneVersion() {
        String version = text(parent, "version");
        assertEquals(
                version,
                text(bom, "version"),
                "the BOM has no parent to take it from: versions:set needs -DprocessAllModules");
        for (Element module : at(parent, "modules", "module")) {
            if (!module.getTextContent().equals("bom")) {
                Element pom = pom(module.getTextContent());
                assertEquals(version, text(pom, "parent", "version"), module.getTextContent());
                assertEquals("", text(pom, "version"), module.getTextContent() + " takes its version from the parent");
            }
        }
    }

    @Test
    void itIsBuiltByThePluginsOfTheParent() {
        Map<String, String> pinned = plugins(parent);
        Map<String, String> own = plugins(bom);
        assertFalse(own.isEmpty());
        own.forEach((plugin, version) -> assertEquals(pinned.get(plugin), version, plugin));
    }

    private static Map<String, String> plugins(Element pom) {
        Map<String, String> versions = new TreeMap<>();
        for (Element plugin : at(pom, "build", "pluginManagement", "plugins", "plugin")) {
            versions.put(text(plugin, "artifactId"), text(plugin, "version"));
        }
        return versions;
    }

    private static Element pom(String module) {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(ROOT.resolve(module).resolve("pom.xml").toFile())
                    .getDocumentElement();
        } catch (IOException | SAXException | ParserConfigurationException unreadable) {
            throw new AssertionError("the pom of '" + module + "' cannot be read", unreadable);
        }
    }

    /** Empty where there is none. */
    private static String text(Element from, String... names) {
        return at(from, names).stream()
                .map(element -> element.getTextContent().strip())
                .reduce("", String::concat);
    }

    private static List<Element> at(Element from, String... names) {
        Stream<Element> found = Stream.of(from);
        for (String name : names) {
            found = found.flatMap(BomTest::children)
                    .filter(child -> child.getTagName().equals(name));
        }
        return found.toList();
    }

    private static Stream<Element> children(Element of) {
        NodeList nodes = of.getChildNodes();
        return IntStream.range(0, nodes.getLength())
                .mapToObj(nodes::item)
                .filter(Element.class::isInstance)
                .map(Element.class::cast);
    }
}
