package io.sightline.media.source;

import io.sightline.media.MediaException;
import java.util.List;

/** Something that packets are read from. Used by one thread. */
public interface PacketSource extends AutoCloseable {

  /** Pictures and sound. */
  List<SourceTrack> tracks();

  /**
   * The next packet of any track, in the order of the source. Blocks.
   *
   * @return borrowed until the next call or {@link #close()}; null at a clean end
   * @throws MediaException with the reason, when it broke off or nothing came for too long
   */
  Packet next() throws MediaException, InterruptedException;

  /** What its packets come in, in a few words for people; empty when there is nothing to say. */
  default String container() {
    return "";
  }

  /** The timecode of its first picture as its container tells it, or null. */
  default String timecode() {
    return null;
  }

  /** Length in microseconds; -1 when unknown or endless. */
  default long durationMicros() {
    return -1;
  }

  /** How many pictures it has left out so far because they arrived damaged. */
  default long damaged() {
    return 0;
  }

  /**
   * When the packet that was returned last was captured, in microseconds since 1970, where that is
   * known better than by its arrival: of what was written down before. Its times then say nothing
   * about the clock.
   *
   * @return -1 when it is captured as it comes
   */
  default long capturedMicros() {
    return -1;
  }

  /**
   * For how long it has been received so far, in microseconds: a live source is looked at before
   * its first packet can be had, and what it sends meanwhile has arrived by then. Asked once, when
   * it has just been opened.
   *
   * @return 0 when packets come as they are read
   */
  default long receivedForMicros() {
    return 0;
  }

  /** After a clean end: why, as a sentence. */
  default String ending() {
    return "the source ended";
  }

  /** Gives everything back; again does nothing. */
  @Override
  void close();
}
