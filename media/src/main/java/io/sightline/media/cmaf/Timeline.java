package io.sightline.media.cmaf;

/** Gives the samples of one track their decode times and durations. Not thread-safe. */
interface Timeline {

  /**
   * Takes the next sample in decoding order.
   *
   * @param presentationTicks when it is presented
   * @param durationTicks how long, as the source says; 0 when it does not
   */
  void add(long presentationTicks, long durationTicks, SampleFormat.Formatted sample);

  /** The next sample whose times are known; null when more must come first. */
  TimedSample poll();

  /** Nothing more will come. */
  void end();

  /** The constant delay between decoding and presenting; 0 until it is known. */
  long delayTicks();
}
