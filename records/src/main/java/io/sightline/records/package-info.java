/**
 * The language all rooms share: what travels between stages, what is stored, how things are named,
 * and the time axis they lie on. No Kafka, no Vert.x, no natives.
 *
 * <p>Positions and durations are {@code long} microseconds; positions count from 1970-01-01 UTC.
 * Components that may be absent are {@code null} when they are, and say so. JSON readers ignore
 * fields they do not know; fields are only ever added.
 */
package io.sightline.records;
