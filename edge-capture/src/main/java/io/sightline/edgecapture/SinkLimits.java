package io.sightline.edgecapture;

/**
 * What a sink takes.
 *
 * @param place it, in the middle of a sentence
 * @param chunks whether recordings are taken; otherwise there are frames and markers alone
 * @param maxFrameBytes of one JPEG. Larger ones are left out before they count: what is left out
 *     later would shift the sequences of a file
 */
record SinkLimits(String place, boolean chunks, int maxFrameBytes) {

  /** What gateways take. */
  static final SinkLimits GATEWAY = new SinkLimits("the gateway", true, 4_000_000);
}
