package dev.getorcreate.jackson;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.getorcreate.spi.Codec;
import dev.getorcreate.testkit.CodecContract;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** The contract of codecs, with records of the usual types. */
class JacksonRecordsTest extends CodecContract<JacksonRecordsTest.Account> {

    record Account(
            UUID id,
            String owner,
            BigDecimal balance,
            int version,
            Instant opened,
            OffsetDateTime signed,
            ZonedDateTime renewal,
            Duration notice,
            Optional<String> note,
            Map<String, List<Address>> addresses) {}

    record Address(String street, int number) {}

    @Override
    protected Codec<Account> codec() {
        return JacksonCodec.of(Account.class);
    }

    @Override
    protected List<Account> values() {
        return List.of(
                new Account(
                        UUID.fromString("0b1e1ab8-94d9-4b32-8e83-5a8ac57b6c1e"),
                        "Zo\u00eb \uD83D\uDE00 \"quoted\"",
                        new BigDecimal("12.3400"),
                        Integer.MIN_VALUE,
                        Instant.parse("2024-02-29T23:59:59.123456789Z"),
                        OffsetDateTime.parse("2026-01-02T00:30+02:00"),
                        ZonedDateTime.parse("2026-10-25T02:30+01:00[Europe/Paris]"),
                        Duration.ofNanos(1),
                        Optional.of("x"),
                        Map.of("home", List.of(new Address("Long Lane", 7)), "none", List.of())),
                new Account(
                        new UUID(0, 0),
                        "",
                        BigDecimal.ZERO,
                        0,
                        Instant.EPOCH,
                        OffsetDateTime.MIN,
                        ZonedDateTime.parse("2026-01-01T00:00Z"),
                        Duration.ZERO,
                        Optional.empty(),
                        Map.of()));
    }

    @Override
    protected List<byte[]> garbage() {
        return Stream.of(
                        "",
                        " ",
                        "null",
                        "{",
                        "}",
                        "[]",
                        "7",
                        "\"text\"",
                        "{\"owner\":\"a\"",
                        "{\"version\":1}}",
                        "{\"version\":1}{\"version\":1}",
                        "{\"version\":\"one\"}",
                        "{\"opened\":\"yesterday\"}",
                        "{\"version\":null}",
                        "\u0000\u0001\u0002",
                        "rO0ABXNy")
                .map(text -> text.getBytes(UTF_8))
                .toList();
    }
}
