/**
 * The embedded broker: the same Kafka that production runs, as one node in a JVM of its own that
 * ends with its parent.
 */
package io.sightline.bus.broker;
