package io.sightline.edgecapture.folder;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.source.MediaSource;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceTrack;
import io.sightline.records.Positions;
import io.sightline.records.Rational;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * An opened file of an inbox, read as far as its first packet of the leading track, whose time says
 * whether it goes on where another ended. One thread; owns its source.
 */
final class Segment implements AutoCloseable {

  private static final Rational MICROS = new Rational(1, Positions.MICROS_PER_SECOND);

  /** Sound may come before the first picture, but not for long. */
  private static final int MAX_HEAD_PACKETS = 1_024;

  private final FolderFile file;
  private final String name;
  private final String digest;
  private final MediaSource source;
  private final SourceTrack leading;
  private final boolean transportStream;
  private final long durationMicros;
  private final Deque<Packet> head = new ArrayDeque<>();
  private long firstTicks;
  private long startTicks;

  /**
   * @param name for people
   * @param source becomes this one's
   * @param after reading begins with the first keyframe at or behind this time; null for all
   * @throws MediaException when there is nothing in it to read
   */
  Segment(FolderFile file, String name, String digest, MediaSource source, Long after)
      throws MediaException {
    this.file = file;
    this.name = name;
    this.digest = digest;
    this.source = source;
    this.transportStream = source.container().equals("mpegts");
    this.durationMicros = Math.max(0, source.durationMicros());
    List<SourceTrack> tracks = source.tracks();
    this.leading =
        tracks.stream().filter(SourceTrack::isVideo).findFirst().orElseGet(() -> tracks.get(0));
    boolean started = false;
    for (Packet packet; (packet = source.next()) != null; ) {
      long ticks = decodeTicks(packet);
      boolean leads = packet.track() == leading.index() && ticks != Packet.ABSENT;
      if (leads && !started) {
        started = true;
        firstTicks = ticks;
      }
      if (after != null && !(leads && ticks >= after && packet.keyframe())) {
        continue;
      }
      head.add(packet.copy());
      if (leads) {
        startTicks = ticks;
        return;
      }
      if (head.size() > MAX_HEAD_PACKETS) {
        break;
      }
    }
    throw new MediaException(
        after == null ? Reason.MALFORMED : Reason.INCOMPLETE,
        "There is nothing to see or hear in " + name);
  }

  FolderFile file() {
    return file;
  }

  String digest() {
    return digest;
  }

  SourceTrack leading() {
    return leading;
  }

  List<SourceTrack> tracks() {
    return source.tracks();
  }

  /** Decode time of the first packet of the leading track that is read. */
  long startTicks() {
    return startTicks;
  }

  /** Whether its times count on from file to file. */
  boolean isTransportStream() {
    return transportStream;
  }

  /** The next packet, borrowed; null at its end. */
  Packet next() throws MediaException {
    Packet first = head.poll();
    return first == null ? source.next() : first;
  }

  /** When it was captured: its last change is when its end was. */
  long capturedMicros(long ticks, long nowMicros) {
    long end = Math.min(nowMicros, file.modifiedMillis() * 1_000);
    long start = end - durationMicros;
    return Math.max(0, start + Rational.rescale(ticks - firstTicks, leading.timeBase(), MICROS));
  }

  /** Whether it has the tracks of another, as one encoder writes them. */
  boolean hasTracksOf(Segment other) {
    List<SourceTrack> mine = tracks();
    List<SourceTrack> others = other.tracks();
    boolean same = mine.size() == others.size();
    for (int i = 0; same && i < mine.size(); i++) {
      SourceTrack one = mine.get(i);
      SourceTrack two = others.get(i);
      same =
          one.index() == two.index()
              && one.codec().equals(two.codec())
              && one.timeBase().equals(two.timeBase())
              && one.width() == two.width()
              && one.height() == two.height()
              && one.sampleRate() == two.sampleRate()
              && one.channels() == two.channels()
              && Arrays.equals(one.extradata(), two.extradata());
    }
    return same;
  }

  /** The decode time, or the presentation time where there is none; absent when both are. */
  static long decodeTicks(Packet packet) {
    return packet.dts() == Packet.ABSENT ? packet.pts() : packet.dts();
  }

  @Override
  public void close() {
    source.close();
  }
}
