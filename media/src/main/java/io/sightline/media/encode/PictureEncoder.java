package io.sightline.media.encode;

import io.sightline.media.MediaException;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceTrack;
import io.sightline.records.Point;
import io.sightline.records.RenditionSpec;
import java.util.function.LongFunction;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Pictures of any codec as H.264 or AV1: one for each, in order of show, with the time that the
 * source gave it. Interlaced pictures are made whole. When pictures change their size in
 * mid-stream, they are scaled to the size at the beginning. Pictures outside of the stretch that is
 * asked for are decoded only, because others refer to them.
 */
final class PictureEncoder implements TrackEncoder {

  /** {@code AV_FRAME_FLAG_INTERLACED}; the presets lack it. */
  private static final int FLAG_INTERLACED = 1 << 3;

  private static final Point MIDDLE = new Point(0.5, 0.5);

  private final SourceTrack source;
  private final long fromTicks;
  private final long toTicks;
  private final PictureWatch watch;
  private TrackDecoder decoder;
  private CodecEncoder encoder;
  private PictureForm form;
  private Deinterlacer deinterlacer;
  private FadeMixer mixer;

  /** Null when the encoder needs none. */
  private EncoderCheck check;

  /**
   * @param fromTicks presentation time of the first picture that is encoded
   * @param toTicks presentation time before which the last one lies
   * @param watch sees what is decoded; of what is encoded, as it is encoded
   * @param fade null when pictures stay as they are
   * @param threads that decode: with more than one, beside the encoder
   */
  PictureEncoder(
      SourceTrack source,
      long fromTicks,
      long toTicks,
      Coding coding,
      PictureWatch watch,
      PictureFade fade,
      int threads)
      throws MediaException {
    this.source = source;
    this.fromTicks = fromTicks;
    this.toTicks = toTicks;
    this.watch = watch;
    try {
      decoder = new TrackDecoder(source, threads);
      encoder = new CodecEncoder(source, coding);
      form =
          new PictureForm(
              Framing.whole(encoder.width(), encoder.height()), encoder.format(), ticks -> MIDDLE);
      mixer = fade == null ? null : new FadeMixer(source, fade);
    } catch (MediaException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** All pictures, in the form of a rendition. What hardware makes of them is looked at. */
  PictureEncoder(
      SourceTrack source, RenditionSpec wanted, LongFunction<Point> centres, VideoEncoder chosen)
      throws MediaException {
    this.source = source;
    fromTicks = Long.MIN_VALUE;
    toTicks = Long.MAX_VALUE;
    watch = PictureWatch.NONE;
    Framing framing = Framing.of(source, wanted);
    try {
      decoder = new TrackDecoder(source);
      encoder = new CodecEncoder(source.sized(framing.width(), framing.height()), chosen.coding());
      if (chosen != VideoEncoder.OPENH264) {
        check = new EncoderCheck(chosen.id(), encoder.track());
      }
      form =
          new PictureForm(
              framing.in(encoder.width(), encoder.height()),
              encoder.format(),
              ticks -> Framing.coded(centres.apply(ticks), source.rotation()));
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
  public void accept(Packet from, PacketSink sink) throws MediaException {
    decoder.send(from);
    decoded(sink);
  }

  @Override
  public void finish(PacketSink sink) throws MediaException {
    decoder.drain();
    decoded(sink);
    whole(null, sink);
    encoder.finish(checked(sink));
    if (check != null) {
      check.finish();
    }
  }

  private void decoded(PacketSink sink) throws MediaException {
    for (AVFrame picture; (picture = decoder.receive()) != null; ) {
      long ticks = TrackDecoder.ticks(picture);
      if (ticks == Packet.ABSENT || picture.width() <= 0 || picture.height() <= 0) {
        continue;
      }
      picture.pts(ticks);
      if (watch != PictureWatch.NONE && (mixer == null || !isIn(ticks))) {
        watch.saw(PictureLook.of(picture));
      }
      boolean interlaced = (picture.flags() & FLAG_INTERLACED) != 0;
      if (deinterlacer != null && !deinterlacer.fits(picture)) {
        whole(null, sink);
      }
      if (deinterlacer == null && interlaced) {
        deinterlacer = new Deinterlacer(picture, source.timeBase());
      }
      if (deinterlacer == null) {
        encode(picture, sink);
      } else {
        whole(picture, sink);
      }
    }
  }

  /**
   * @param picture null when nothing follows for the present deinterlacer
   */
  private void whole(AVFrame picture, PacketSink sink) throws MediaException {
    if (deinterlacer == null) {
      return;
    }
    deinterlacer.send(picture);
    for (AVFrame made; (made = deinterlacer.receive()) != null; ) {
      encode(made, sink);
    }
    if (picture == null) {
      deinterlacer.close();
      deinterlacer = null;
    }
  }

  private void encode(AVFrame picture, PacketSink sink) throws MediaException {
    if (!isIn(picture.pts())) {
      return;
    }
    AVFrame formed = form.of(picture);
    if (mixer != null) {
      formed = mixer.of(formed);
      if (watch != PictureWatch.NONE) {
        watch.saw(PictureLook.of(formed));
      }
    }
    if (check != null && encoder.takes(formed)) {
      check.give(formed);
    }
    encoder.encode(formed, checked(sink));
  }

  private PacketSink checked(PacketSink sink) {
    return check == null
        ? sink
        : packet -> {
          check.take(packet);
          sink.accept(packet);
        };
  }

  private boolean isIn(long ticks) {
    return ticks >= fromTicks && ticks < toTicks;
  }

  @Override
  public void close() {
    if (deinterlacer != null) {
      deinterlacer.close();
      deinterlacer = null;
    }
    if (decoder != null) {
      decoder.close();
      decoder = null;
    }
    if (form != null) {
      form.close();
      form = null;
    }
    if (mixer != null) {
      mixer.close();
      mixer = null;
    }
    if (encoder != null) {
      encoder.close();
      encoder = null;
    }
  }
}
