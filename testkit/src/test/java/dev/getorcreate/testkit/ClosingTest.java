package dev.getorcreate.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClosingTest {

    private final List<String> closed = new ArrayList<>();

    @Test
    void theLastOneIsClosedFirstAndNullIsNothing() {
        Closing.lastFirst(() -> closed.add("server"), null, () -> closed.add("client"));
        assertEquals(List.of("client", "server"), closed);
    }

    @Test
    void oneThatFailsKeepsNobodyOpenAndAllThatFailIsTold() {
        Exception first = new Exception("first");
        Error second = new AssertionError("second");
        IllegalStateException failure = assertThrows(
                IllegalStateException.class,
                () -> Closing.lastFirst(
                        () -> closed.add("server"),
                        () -> {
                            throw second;
                        },
                        () -> {
                            throw first;
                        }));
        assertEquals(List.of("server"), closed);
        assertSame(first, failure.getCause());
        assertArrayEquals(new Throwable[] {second}, failure.getSuppressed());
    }
}
