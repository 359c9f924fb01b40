package io.sightline.records;

/**
 * One {@code moof} and its {@code mdat} in a chunk's object.
 *
 * @param track whose samples it holds
 * @param positionMicros presentation position of its earliest sample
 * @param decodeTicks its {@code tfdt}: decode time of its first sample, in the track's timescale
 * @param durationTicks sum of its sample durations, in the track's timescale
 * @param offset of the {@code moof} in the chunk's object, in bytes
 * @param length of {@code moof} and {@code mdat} together, in bytes
 * @param independent whether a decoder can start with it
 */
public record Fragment(
    int track,
    long positionMicros,
    long decodeTicks,
    long durationTicks,
    long offset,
    long length,
    boolean independent) {

  public Fragment {
    if (track < 1 || positionMicros < 0 || decodeTicks < 0 || durationTicks < 0 || offset < 0) {
      throw new IllegalArgumentException("A fragment's numbers are never negative");
    }
    if (length < 8) {
      throw new IllegalArgumentException("A fragment is never " + length + " bytes long");
    }
  }
}
