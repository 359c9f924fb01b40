package io.sightline.media.cmaf;

/**
 * A coded picture or piece of sound in a fragment.
 *
 * @param decodeTicks when it is decoded, in the track's timescale
 * @param durationTicks until the next one is decoded
 * @param compositionTicks from decoding to presenting
 * @param sync whether a decoder can start with it
 * @param offset of its bytes, from the first byte of the {@code moof}
 * @param size of its bytes
 */
public record FragmentSample(
    long decodeTicks,
    long durationTicks,
    long compositionTicks,
    boolean sync,
    long offset,
    int size) {

  /** When it is presented, in the track's timescale. */
  public long presentationTicks() {
    return decodeTicks + compositionTicks;
  }
}
