package io.sightline.media.cmaf;

import io.sightline.media.MediaException;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceTrack;
import java.nio.ByteBuffer;

/** Samples that are packets, or nearly. */
final class PlainFormat implements SampleFormat {

  /** What becomes of a packet's bytes. */
  interface Bytes {
    byte[] of(ByteBuffer packet) throws MediaException;
  }

  private final SourceTrack track;
  private final Bytes bytes;
  private CodecConfig config;

  PlainFormat(SourceTrack track, Bytes bytes) {
    this.track = track;
    this.bytes = bytes;
  }

  static byte[] bytes(ByteBuffer packet) {
    byte[] copy = new byte[packet.remaining()];
    packet.get(copy);
    return copy;
  }

  @Override
  public Formatted format(Packet packet) throws MediaException {
    byte[] header = packet.newExtradata();
    if (config == null || header != null) {
      config = CodecConfig.of(header == null ? track : track.with(header), packet);
    }
    boolean keyframe = packet.keyframe() || track.isAudio();
    return new Formatted(bytes.of(packet.data()), keyframe, keyframe, config);
  }
}
