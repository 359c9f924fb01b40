package io.sightline.storage;

import java.time.Instant;

/**
 * @param value JSON, UTF-8; not to be written to
 * @param version rises with every write, from 1
 * @param expires when it ceases to be; null for never
 */
public record StoredRecord(
    String partition, String sort, byte[] value, long version, Instant expires) {}
