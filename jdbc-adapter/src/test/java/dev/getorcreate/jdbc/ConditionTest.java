package dev.getorcreate.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
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
                "a::text is false | a::text | false",
                "a::text is not null | a::text | false",
                "kind::text = 'a'::text and active | kind = 'a' | false",
                "(NOT a) AND b | NOT (a AND b) | false",
                "(NOT a) AND b | NOT a AND b | true",
                "(a - b) - c > 0 | a - (b - c) > 0 | false",
                "x between 1 and 2 and a | x between 1 and (2 and a) | false",
                "x between 1 and (a > 2) | x between 1 and a > 2 | false",
                "kind in ('a') | kind in ('b') | false",
                "f((a, b)) is null | f(a, b) is null | false",
                "(x)::integer = 1 | x = 1 | false",
                "(kind)::character varying(2) = 'ab' | kind = 'ab' | false",
                "at > '2026-01-02'::date | at > '2026-01-02'::timestamp with time zone | false",
                "at > '2026-01-02' | (at > '2026-01-02 00:00:00'::timestamp without time zone) | false",
                "at > '2026-01-02' | (at > '2026-01-02'::timestamp without time zone) | true",
                "x > 0.5 | (x > (0.5)::double precision) | true",
                "lower(kind) = 'a' | (lower((kind)::text) = 'a'::text) | true",
                "\"user\" is null | user is null | false",
                "\"kind\" = 'a' | kind = 'a' | true",
                "\"Kind\" = 'a' | kind = 'a' | false",
                "a < @ b | a <@ b | false",
                "not deleted and kind = 'it''s' | ((NOT deleted) AND ((kind)::text = 'it''s'::text)) | true",
                "a is null -- or b | a is null -- OR b | false",
                "a is null -- or b |  a is null -- or b | true",
                "code ~ '^[A-Z]+$' | ((code)::text ~ '^[A-Z]+$'::text) | true",
                "x = '--' and y = 'US$' | ((x = '--'::text) AND (y = 'US$'::text)) | true",
                "x = 'a\\'b' | (x = 'a\\'b') | false",
                "x = 'a' -- or 'b' | x = 'a' -- OR 'b' | false",
                "\"a'b\" is null -- or 'c' | \"a'b\" is null -- OR 'c' | false",
                "data->>'type' = 'x' | ((data ->> 'type'::text) = 'x'::text) | true",
                "data->>'gone' is null | ((data ->> 'gone'::text) IS NULL) | true",
                "id % 2 = 0 | ((id % 2) = 0) | true",
                "0 < a - b and c | ((0 < (a - b)) AND c) | true",
                "(a - b) * 2 = 0 | a - b * 2 = 0 | false",
                "x = (a - b) - 1 | x = a - (b - 1) | false",
                "(a % 2)::integer = 0 | a % 2::integer = 0 | false",
                "(a < b) = c | a < b = c | false",
                "f(a - b) = 0 | f a - b = 0 | false",
                "status = ANY (ARRAY['a','b']) | ((status)::text = ANY ((ARRAY['a'::character varying,"
                        + " 'b'::character varying])::text[])) | true",
                "x = any (array['a']) | x = any ((array['b'])::text[]) | false",
                "x = any (array[1]) | x = any ((array[1])::text[]) | false",
                "x = any (array['a']) | (x = ANY (ARRAY['a'::citext])) | false",
                "data -> '-1' is null | ((data -> '-1'::integer) IS NULL) | false",
                "data -> 1 is null | ((data -> (1)::text) IS NULL) | false",
                "a[1]::text[] = b | a[1] = b | false",
                "amount / 2 < 1.2 | ((amount / (2)::numeric) < 1.2) | false",
                "(amount + 2) / 4 < 1.2 | (((amount + (2)::numeric) / 4) < 1.2) | false",
                "x = any (array['a'::citext]) | (x = ANY ((ARRAY['a'::citext])::text[])) | false",
                "\" is null and a | \" is null | false",
            })
    void theSameConditionIsToldFromAnother(String one, String other, boolean alike) {
        assertEquals(alike, Condition.alike(one, other));
    }

    @Test
    void textPutTogetherIsComparedAsAWhole() {
        assertTrue(Condition.alike("a || b = 'x'", "(((a)::text || (b)::text) = 'x'::text)"));
        assertFalse(Condition.alike("a || b = 'x'", "(((a)::text || (b)::text) = 'y'::text)"));
    }
}
