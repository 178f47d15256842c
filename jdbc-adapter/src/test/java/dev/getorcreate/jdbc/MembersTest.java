package dev.getorcreate.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class MembersTest {

    private static Members of(String type) {
        return Objects.requireNonNull(Members.of(type));
    }

    @Test
    void theyAreReadAsTheCatalogueWritesThem() {
        assertEquals(
                List.of("it's, 1)", "", "a\\b"),
                of("enum('it''s, 1)','','a\\\\b')").all());
        assertNull(Members.of("varchar(3)"));
    }

    /** What is neither, the database refuses; or it is a member that was added since, or written in another case. */
    @Test
    void ofAnEnumerationATextIsAMemberOrNoNumber() {
        Members members = of("enum('0','1','a')");
        for (String text : new String[] {"0", "1", "a", "A", "b", "1.0", ""}) {
            assertNull(members.refusal(text), text);
        }
        for (String text : new String[] {"2", "3", "+1", " 1", "1 ", "01"}) {
            assertNotNull(members.refusal(text), text);
        }
    }

    @Test
    void ofASetATextHasMembersInOrder() {
        Members members = of("set('b','a','1')");
        for (String text : new String[] {"", "a", "b,a", "b,1", "1"}) {
            assertNull(members.refusal(text), text);
        }
        for (String text : new String[] {"a,b", "a,a", "3", "b,", ",", "c"}) {
            assertNotNull(members.refusal(text), text);
        }
    }
}
