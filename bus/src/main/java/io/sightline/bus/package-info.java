/**
 * Kafka as Sightline uses it: topics, a writer that never loses or doubles, a stage reader that
 * keeps state with its offsets, and a reader for live updates. At least once plus idempotent is the
 * whole delivery rule; there are no Kafka transactions.
 */
package io.sightline.bus;
