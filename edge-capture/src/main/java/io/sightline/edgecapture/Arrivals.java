package io.sightline.edgecapture;

import java.util.Map;
import java.util.TreeMap;

/** When the packets of one opened input arrived, by the clock. One thread at a time. */
final class Arrivals {

  /** Of pictures that a decoder still holds; it never holds so many. */
  private static final int MAX_REMEMBERED = 1_024;

  /**
   * What was received between these was read to learn what the source is, and comes at once now.
   */
  private final long receivedFromMicros;

  private final long openedMicros;
  private final TreeMap<Long, Long> pictures = new TreeMap<>();
  private Long firstDecodeMicros;
  private boolean caughtUp;

  /**
   * @param openedMicros when the source was open
   * @param receivedForMicros how long it had been received by then
   */
  Arrivals(long openedMicros, long receivedForMicros) {
    this.openedMicros = openedMicros;
    this.receivedFromMicros = openedMicros - receivedForMicros;
  }

  /**
   * When a packet that is read now arrived. What was sent while the source was looked at arrived
   * then, at the pace of its own times, though it is read now.
   */
  long arrival(long decodeMicros, long nowMicros) {
    if (firstDecodeMicros == null) {
      firstDecodeMicros = decodeMicros;
    }
    long meanwhile = receivedFromMicros + Math.max(0, decodeMicros - firstDecodeMicros);
    caughtUp |= meanwhile >= openedMicros;
    return caughtUp ? nowMicros : meanwhile;
  }

  /** Keeps the arrival of a picture until it is asked for. */
  void remember(long pts, long arrivalMicros) {
    pictures.put(pts, arrivalMicros);
    if (pictures.size() > MAX_REMEMBERED) {
      pictures.pollFirstEntry();
    }
  }

  /**
   * When the picture arrived; those before it are forgotten.
   *
   * @param otherwise when nothing is known of it
   */
  long captured(long pts, long otherwise) {
    Map.Entry<Long, Long> arrival = pictures.floorEntry(pts);
    pictures.headMap(pts, false).clear();
    return arrival == null ? otherwise : arrival.getValue();
  }

  /** Forgets all pictures: another epoch has begun. */
  void forget() {
    pictures.clear();
  }
}
