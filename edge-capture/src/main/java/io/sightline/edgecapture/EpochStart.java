package io.sightline.edgecapture;

/**
 * What the gateway is told when an epoch is opened.
 *
 * @param agent who captures it
 * @param startMicros position of its first picture
 */
record EpochStart(String stream, String epoch, String run, String agent, long startMicros) {}
