package dev.getorcreate.redis;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class RefusalsTest {

    /** Whether it is met while writing or while reading is a matter of moments. */
    @Test
    void aPeerThatHangsUpInTheHandshakeRefusesNothing() {
        IOException reset = new IOException("Connection reset by peer");
        assertNull(Refusals.in(new IllegalStateException(new SSLException("writing failed", reset))));
    }

    @Test
    void aCertificateThatIsNotTrustedIsARefusal() {
        SSLHandshakeException untrusted = new SSLHandshakeException("no trust");
        untrusted.initCause(new CertificateException("unknown"));
        assertSame(untrusted, Refusals.in(new IllegalStateException(untrusted)));
    }
}
