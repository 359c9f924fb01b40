package io.sightline.bus;

import java.time.Instant;

/**
 * A record that a stage set aside.
 *
 * @param id names where it comes from: {@code {topic}.{partition}.{offset}}
 * @param stage which could not work on it
 * @param attempts how often it was tried
 * @param sizeBytes of its value
 * @param record as it was read, with the headers it had; in lists without the value
 */
public record FailedRecord(
    String id,
    String stage,
    String reason,
    long attempts,
    Instant failedAt,
    long sizeBytes,
    InRecord record) {}
