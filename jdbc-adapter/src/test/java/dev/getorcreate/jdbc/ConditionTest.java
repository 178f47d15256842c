package dev.getorcreate.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "deleted_at IS NULL | (deleted_at IS NULL) | true",
                "\"Gone\" IS NULL and x > 0 | ((\"Gone\" IS NULL) AND (x > 0)) | true",
                "kind = 'a' | ((kind)::text = 'a'::text) | true",
                "kind = 'a' | kind = 'A' | false",
                "kind = 'a (b)' | (kind = 'a b') | false",
                "deleted_at IS NULL | deleted_at IS NOT NULL | false",
                "(a or b) and c | a or (b and c) | false",
                "(a or b) and c | (A OR b) AND c | true",
            })
    void theSameConditionIsToldFromAnother(String one, String other, boolean alike) {
        assertEquals(alike, Condition.alike(one, other));
    }
}
