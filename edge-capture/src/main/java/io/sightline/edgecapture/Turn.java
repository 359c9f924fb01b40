package io.sightline.edgecapture;

import io.sightline.records.InputInUse;

/**
 * Of one feed: whether the stream is made of it now, or of another that reads for the same use.
 * What is done between {@link #enter()} and {@link #leave()} is done by nobody else meanwhile.
 */
interface Turn {

  /** Of a feed that nobody stands in for. */
  Turn ALONE =
      new Turn() {
        @Override
        public void enter() {}

        @Override
        public void leave() {}

        @Override
        public boolean heard(Feed from, boolean keyframe, long nowMicros) {
          return true;
        }

        @Override
        public boolean mine() {
          return true;
        }

        @Override
        public boolean nobodys() {
          return false;
        }

        @Override
        public String tookOver() {
          return null;
        }
      };

  /** Waits until the others have left. */
  void enter();

  void leave();

  /**
   * Something has come of the track whose times make the axis. Within {@link #enter()}.
   *
   * @param keyframe whether the stream could go on with it
   * @return whether the stream is made of it; otherwise it is left out
   */
  boolean heard(Feed from, boolean keyframe, long nowMicros);

  /** Whether the stream is made of it. Within {@link #enter()}. */
  boolean mine();

  /** Whether the stream is made of none now. Within {@link #enter()}. */
  boolean nobodys();

  /** Why it took over from another, as a sentence, told once; null when it did not. */
  String tookOver();

  /**
   * How much later than it arrives it is laid on the axis of another input; null when that is not
   * declared.
   */
  default Long offsetMicros() {
    return null;
  }

  /** It has been laid on the axis of another input, so much later than it arrives. */
  default void laid(long offsetMicros, InputInUse.OffsetFrom from) {}
}
