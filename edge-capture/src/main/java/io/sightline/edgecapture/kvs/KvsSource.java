package io.sightline.edgecapture.kvs;

import io.sightline.media.MediaException;
import io.sightline.media.source.MediaSource;
import io.sightline.media.source.Packet;
import io.sightline.media.source.PacketSource;
import io.sightline.media.source.SourceTrack;
import io.sightline.records.Rational;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One session of a Kinesis video stream, without what an earlier one gave. One thread. */
final class KvsSource implements PacketSource {

  private final KvsAddress address;
  private final KvsSession session;
  private final MediaSource source;
  private final ReadSoFar read;
  private final long renewNanos;
  private final SourceTrack leading;
  private final Map<Integer, Rational> timeBases = new HashMap<>();
  private boolean renewed;

  /**
   * @param source becomes this one's
   * @param renewNanos from when on it ends at a keyframe, by {@link System#nanoTime}
   */
  KvsSource(
      KvsAddress address, KvsSession session, MediaSource source, ReadSoFar read, long renewNanos) {
    this.address = address;
    this.session = session;
    this.source = source;
    this.read = read;
    this.renewNanos = renewNanos;
    this.leading =
        source.tracks().stream()
            .filter(SourceTrack::isVideo)
            .findFirst()
            .orElseGet(() -> source.tracks().get(0));
    source.tracks().forEach(track -> timeBases.put(track.index(), track.timeBase()));
  }

  @Override
  public List<SourceTrack> tracks() {
    return source.tracks();
  }

  @Override
  public long receivedForMicros() {
    return source.receivedForMicros();
  }

  @Override
  public Packet next() throws MediaException {
    try {
      for (Packet packet; !renewed && (packet = source.next()) != null; ) {
        if (packet.track() == leading.index()
            && packet.keyframe()
            && System.nanoTime() - renewNanos >= 0) {
          renewed = true;
        } else if (read.isNew(packet, timeBases.get(packet.track()))) {
          return packet;
        }
      }
      return null;
    } catch (MediaException e) {
      throw KvsInput.failure(address, session, e);
    }
  }

  /** Whether it has ended so that another one is opened in time. */
  boolean renewed() {
    return renewed;
  }

  @Override
  public String container() {
    return "Kinesis Video Streams, " + source.container();
  }

  @Override
  public long damaged() {
    return source.damaged();
  }

  @Override
  public String ending() {
    return renewed
        ? "the session of " + address + " was about to expire"
        : "the session of " + address + " ended";
  }

  @Override
  public void close() {
    source.close();
  }
}
