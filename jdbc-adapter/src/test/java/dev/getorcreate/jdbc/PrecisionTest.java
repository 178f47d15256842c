package dev.getorcreate.jdbc;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class PrecisionTest {

    private static final Precision HUNDREDS = Precision.of("numeric", "-2");
    private static final Precision CENTS = Precision.of("numeric", "2");
    private static final Precision DOUBLE = Precision.of("double precision", null);

    @Test
    void zeroIsAsCoarseAsAnything() {
        assertNull(HUNDREDS.refusal(0L));
        assertNull(HUNDREDS.refusal(new BigDecimal("0.00")));
        assertNull(HUNDREDS.refusal(300L));
        assertNotNull(HUNDREDS.refusal(310L));
    }

    @Test
    void trailingZerosAreNoDigits() {
        assertNull(CENTS.refusal(new BigDecimal("1.2300")));
        assertNotNull(CENTS.refusal(new BigDecimal("1.2301")));
    }

    @Test
    void aWholeNumberIsKeptByADoubleIfItIsOne() {
        assertNull(DOUBLE.refusal(1L << 60));
        assertNotNull(DOUBLE.refusal((1L << 60) + 4));
        assertNull(DOUBLE.refusal(BigInteger.ONE.shiftLeft(80)));
        assertNotNull(DOUBLE.refusal(BigInteger.ONE.shiftLeft(80).add(BigInteger.ONE)));
        assertNull(DOUBLE.refusal(new BigDecimal("0.1")));
    }
}
