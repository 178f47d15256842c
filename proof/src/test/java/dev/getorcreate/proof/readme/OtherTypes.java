package dev.getorcreate.proof.readme;

import dev.getorcreate.jackson.JacksonCodec;
import dev.getorcreate.proof.readme.Users.User;
import dev.getorcreate.spi.Codec;
import dev.getorcreate.spi.KeyCodec;
import java.util.List;
import java.util.UUID;
import tools.jackson.core.type.TypeReference;

/** The codecs that the README shows. */
class OtherTypes {

    KeyCodec<Long> numbers = KeyCodec.text(String::valueOf, Long::valueOf);
    KeyCodec<UUID> ids = KeyCodec.text(UUID::toString, UUID::fromString);
    Codec<String> texts = Codec.string();
    Codec<byte[]> bytes = Codec.bytes();
    Codec<List<User>> lists = JacksonCodec.of(new TypeReference<List<User>>() {});
}
