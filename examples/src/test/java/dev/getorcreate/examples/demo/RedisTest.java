package dev.getorcreate.examples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class RedisTest {

    @Test
    void commandsForKeysAreCountedAndHousekeepingIsNot() {
        String stats = """
                # Commandstats\r
                cmdstat_get:calls=12,usec=30,usec_per_call=2.50,rejected_calls=0,failed_calls=0\r
                cmdstat_set:calls=5,usec=9,usec_per_call=1.80,rejected_calls=0,failed_calls=0\r
                cmdstat_evalsha:calls=2,usec=9,usec_per_call=1.80,rejected_calls=0,failed_calls=0\r
                cmdstat_client|tracking:calls=4,usec=9,usec_per_call=1.80,rejected_calls=0,failed_calls=0\r
                cmdstat_script|load:calls=1,usec=9,usec_per_call=1.80,rejected_calls=0,failed_calls=0\r
                cmdstat_ping:calls=100,usec=9,usec_per_call=1.80,rejected_calls=0,failed_calls=0\r
                """;
        assertEquals(19, Redis.commands(stats));
    }
}
