package io.sightline.edgecapture.rtmp;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.flv.FlvUnit;
import io.sightline.media.source.Packet;
import io.sightline.media.source.PacketSource;
import io.sightline.media.source.SourceTrack;
import io.sightline.media.source.TrackProbe;
import io.sightline.records.Rational;
import io.sightline.records.TrackInfo;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A publication as packets. What its tracks are shows in the first second. It ends where a codec or
 * its header changes; the next source of the same publication goes on from there. Closing it leaves
 * the publication as it is.
 */
final class RtmpSource implements PacketSource {

  private static final int VIDEO = 0;
  private static final int AUDIO = 1;
  private static final Rational MILLIS = new Rational(1, 1_000);

  /** Encoders tell what they send at once; another track is not waited for longer. */
  private static final long OTHER_TRACK_MILLIS = 1_000;

  private static final int MAX_HELD_UNITS = 2_000;

  private final Publication publication;
  private final Duration readTimeout;
  private final SourceTrack[] tracks = new SourceTrack[2];
  private final byte[][] headers = new byte[2][];
  private final ArrayDeque<FlvUnit> held = new ArrayDeque<>();

  private RtmpSource(Publication publication, Duration readTimeout) {
    this.publication = publication;
    this.readTimeout = readTimeout;
    this.headers[VIDEO] = publication.header(true);
    this.headers[AUDIO] = publication.header(false);
  }

  static RtmpSource open(Publication publication, Duration readTimeout)
      throws MediaException, InterruptedException {
    RtmpSource source = new RtmpSource(publication, readTimeout);
    source.learnTracks();
    return source;
  }

  @Override
  public List<SourceTrack> tracks() {
    return Stream.of(tracks).filter(Objects::nonNull).toList();
  }

  @Override
  public Packet next() throws MediaException, InterruptedException {
    while (true) {
      FlvUnit unit = held.poll();
      if (unit == null) {
        unit = publication.take(readTimeout);
      }
      int index = index(unit);
      boolean other = tracks[index] != null && !tracks[index].codec().equals(unit.codec());
      boolean header = unit.kind() == FlvUnit.Kind.HEADER;
      if (other || header && !Arrays.equals(bytes(unit), headers[index])) {
        held.addFirst(unit);
        return null;
      }
      if (!header && tracks[index] != null) {
        return Packet.of(
            index, unit.ptsMillis(), unit.dtsMillis(), 0, unit.keyframe(), unit.data());
      }
    }
  }

  /** Gives back what was read ahead; a later source begins with it. */
  @Override
  public void close() {
    while (!held.isEmpty()) {
      publication.putBack(held.pollLast());
    }
  }

  private void learnTracks() throws MediaException, InterruptedException {
    long firstMillis = Long.MIN_VALUE;
    while (!complete() || held.isEmpty()) {
      FlvUnit unit = publication.take(readTimeout);
      int index = index(unit);
      if (unit.kind() == FlvUnit.Kind.HEADER) {
        if (tracks[index] != null && !Arrays.equals(bytes(unit), headers[index])) {
          publication.putBack(unit);
          return;
        }
        headers[index] = bytes(unit);
        publication.header(unit.video(), headers[index]);
        continue;
      }
      if (tracks[index] == null && (!unit.video() || unit.keyframe())) {
        tracks[index] = track(index, unit);
      }
      if (tracks[index] == null) {
        // Before the first keyframe there is nothing to be shown.
        continue;
      }
      held.add(unit);
      firstMillis = firstMillis == Long.MIN_VALUE ? unit.dtsMillis() : firstMillis;
      boolean waitedEnough =
          Math.abs(unit.dtsMillis() - firstMillis) >= OTHER_TRACK_MILLIS
              || held.size() >= MAX_HELD_UNITS;
      if (waitedEnough) {
        return;
      }
    }
  }

  private boolean complete() {
    return tracks[VIDEO] != null && tracks[AUDIO] != null;
  }

  private SourceTrack track(int index, FlvUnit first) throws MediaException {
    byte[] header = headers[index];
    boolean needsHeader = !first.codec().equals("mp3") && !first.codec().equals("vp9");
    if (header == null && needsHeader) {
      throw new MediaException(
          Reason.MALFORMED,
          "The publisher "
              + publication.publisher()
              + " sends "
              + first.codec()
              + " without its sequence header");
    }
    return TrackProbe.track(
        index,
        index == VIDEO ? TrackInfo.Kind.VIDEO : TrackInfo.Kind.AUDIO,
        first.codec(),
        MILLIS,
        header == null ? new byte[0] : header,
        bytes(first));
  }

  private static int index(FlvUnit unit) {
    return unit.video() ? VIDEO : AUDIO;
  }

  private static byte[] bytes(FlvUnit unit) {
    ByteBuffer data = unit.data().duplicate();
    byte[] bytes = new byte[data.remaining()];
    data.get(bytes);
    return bytes;
  }
}
