package io.sightline.media.cmaf;

/**
 * A sample with all its times, in the track's timescale.
 *
 * @param presentationTicks when it is presented
 * @param decodeTicks when it is decoded
 * @param durationTicks until the next one is decoded
 * @param keyframe whether a GOP begins with it
 * @param independent whether a decoder can start with it and show everything that follows
 * @param afterGap whether time is missing before it
 */
record TimedSample(
    long presentationTicks,
    long decodeTicks,
    long durationTicks,
    boolean keyframe,
    boolean independent,
    boolean afterGap,
    CodecConfig config,
    byte[] data) {

  long endTicks() {
    return decodeTicks + durationTicks;
  }

  FragmentSample inFragment() {
    long composition = presentationTicks - decodeTicks;
    return new FragmentSample(decodeTicks, durationTicks, composition, independent, 0, data.length);
  }
}
