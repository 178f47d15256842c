package dev.getorcreate.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import org.junit.jupiter.api.Test;

class StampedeMonitorTest {

    private static StampedeMonitor.Heard heard(String... lines) throws IOException {
        String end = "+5.0 [0 127.0.0.1:1] \"ECHO\" \"end-of-monitor\"\r\n";
        return StampedeMonitor.heard(new BufferedReader(new StringReader(String.join("\r\n", lines) + "\r\n" + end)));
    }

    @Test
    void whatAScriptRunsWasNotSent() throws IOException {
        StampedeMonitor.Heard heard = heard(
                "+1.0 [0 127.0.0.1:1] \"EVALSHA\" \"abc\" \"1\" \"k\"",
                "+1.1 [0 lua] \"get\" \"k\"",
                "+1.2 [0 lua] \"set\" \"k\" \"v\"",
                "+1.3 [0 127.0.0.1:1] \"GET\" \"k\"");
        assertEquals(new StampedeMonitor.Heard(4, 2, 0), heard);
        assertEquals(0.5, heard.sentPart());
    }

    @Test
    void whatTheClockSendsAndWhatIsFoundBeforeAKeyIsNotOfTheKey() throws IOException {
        StampedeMonitor.Heard heard = heard(
                "+1.0 [0 127.0.0.1:1] \"PING\"",
                "+1.1 [0 127.0.0.1:1] \"GET\" \"bench:g:" + OursAfterHits.found("c20r0", 3) + "\"",
                "+1.2 [0 127.0.0.1:1] \"GET\" \"k\"");
        assertEquals(new StampedeMonitor.Heard(1, 1, 1), heard);
    }

    @Test
    void whereNothingWasSentNoPartOfItWasAScripts() throws IOException {
        assertEquals(1, heard("+1.0 [0 127.0.0.1:1] \"INFO\"").sentPart());
    }
}
