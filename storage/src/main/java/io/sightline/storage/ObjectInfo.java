package io.sightline.storage;

import java.time.Instant;

/**
 * @param sizeBytes of the object
 * @param modified when it was stored
 */
public record ObjectInfo(String key, long sizeBytes, Instant modified) {}
