package io.sightline.media.cut;

/**
 * Bytes of an object.
 *
 * @param key object key
 */
public record DataRange(String key, long offset, long length) {}
