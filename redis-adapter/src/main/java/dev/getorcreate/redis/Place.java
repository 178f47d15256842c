package dev.getorcreate.redis;

import org.jspecify.annotations.Nullable;

/**
 * Where a key stands at the moment.
 *
 * @param key without the generation
 * @param whole as it is sent
 * @param link that leads to its server
 * @param owed the invalidation that has to be done there before anything is read
 */
@SuppressWarnings("ArrayRecordComponent") // a parameter object; compared by nobody
record Place(
        Invalidations.Key key,
        Generation generation,
        byte[] whole,
        Link link,
        @Nullable Pending owed) {

    Place(Invalidations.Key key, Generation generation, byte[] whole, Link link) {
        this(key, generation, whole, link, null);
    }
}
