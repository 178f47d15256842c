package dev.getorcreate.redis;

/**
 * Where a key stands at the moment.
 *
 * @param key without the generation
 * @param whole as it is sent
 * @param link that leads to its server
 */
@SuppressWarnings("ArrayRecordComponent") // a parameter object; compared by nobody
record Place(Invalidations.Key key, Generation generation, byte[] whole, Link link) {}
