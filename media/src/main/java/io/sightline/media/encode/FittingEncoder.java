package io.sightline.media.encode;

import io.sightline.media.MediaException;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceTrack;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** Pictures of one track in the form of another one. */
final class FittingEncoder implements TrackEncoder {

  private final SourceTrack source;
  private final SourceTrack like;
  private TrackDecoder decoder;
  private CodecEncoder encoder;
  private PictureFit fit;

  FittingEncoder(SourceTrack source, SourceTrack like, Coding coding) throws MediaException {
    this.source = source;
    this.like = like;
    try {
      decoder = new TrackDecoder(source);
      encoder = new CodecEncoder(like, coding);
    } catch (MediaException | RuntimeException e) {
      close();
      throw e;
    }
  }

  @Override
  public SourceTrack track() {
    return encoder.track();
  }

  @Override
  public void accept(Packet packet, PacketSink sink) throws MediaException {
    decoder.send(packet);
    decoded(sink);
  }

  @Override
  public void finish(PacketSink sink) throws MediaException {
    decoder.drain();
    decoded(sink);
    if (fit != null) {
      fit.send(null);
      fitted(sink);
    }
    encoder.finish(sink);
  }

  private void decoded(PacketSink sink) throws MediaException {
    for (AVFrame picture; (picture = decoder.receive()) != null; ) {
      long ticks = TrackDecoder.ticks(picture);
      if (ticks == Packet.ABSENT || picture.width() <= 0 || picture.height() <= 0) {
        continue;
      }
      picture.pts(ticks);
      if (fit == null) {
        fit = new PictureFit(picture, source, like, encoder.format());
      }
      fit.send(picture);
      fitted(sink);
    }
  }

  private void fitted(PacketSink sink) throws MediaException {
    for (AVFrame made; (made = fit.receive()) != null; ) {
      encoder.encode(made, sink);
    }
  }

  @Override
  public void close() {
    if (decoder != null) {
      decoder.close();
      decoder = null;
    }
    if (fit != null) {
      fit.close();
      fit = null;
    }
    if (encoder != null) {
      encoder.close();
      encoder = null;
    }
  }
}
