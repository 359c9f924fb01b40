package io.sightline.media.cut;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.cmaf.Av1Units;
import io.sightline.media.cmaf.InitSegment;
import io.sightline.media.encode.EncodedSamples;
import io.sightline.media.encode.PictureFade;
import io.sightline.media.encode.PictureWatch;
import io.sightline.media.encode.TrackEncoder;
import io.sightline.media.h264.AddedEncoder;
import io.sightline.media.h264.AvcHeader;
import io.sightline.media.h264.ClosedGop;
import io.sightline.media.h264.SequenceParameters;
import io.sightline.media.source.MediaSource;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceTrack;
import io.sightline.records.TrackInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.global.avutil;

/**
 * A recording of pictures and what is encoded of it: either pieces that stand among the copied ones
 * under one header, or a track of its own.
 */
final class EncodedTrack {

  private static final String AV1 = "av01";

  private final SourceTrack source;
  private final SourceTrack clip;
  private final Coding coding;
  private final Samples samples;
  private final TrackInfo info;
  private final AvcHeader recorded;

  /** Begins to encode a stretch of a track. */
  private interface Coding {
    TrackEncoder encoder(
        SourceTrack track, long fromTicks, long toTicks, PictureWatch watch, PictureFade fade)
        throws MediaException;
  }

  /** What a clip holds of pictures that were encoded. */
  private interface Samples {
    Packet of(Packet encoded) throws MediaException;
  }

  /** Stores the init parts that are made. */
  interface Inits {

    /** Stores one of a track; returns its key. */
    String put(int track, byte[] content) throws IOException;
  }

  private EncodedTrack(
      SourceTrack source,
      SourceTrack clip,
      Coding coding,
      Samples samples,
      TrackInfo info,
      AvcHeader recorded) {
    this.source = source;
    this.clip = clip;
    this.coding = coding;
    this.samples = samples;
    this.info = info;
    this.recorded = recorded;
  }

  /**
   * For pieces among copied ones.
   *
   * @param like a fragment of the recording that begins with a keyframe
   * @param closing whether its GOPs are open, and are closed
   * @throws MediaException UNSUPPORTED with the reason, when that cannot be exact
   */
  static EncodedTrack beside(Recorded like, ByteSource bytes, Inits inits, boolean closing)
      throws MediaException, IOException {
    InitSegment init = InitSegment.read(bytes.read(like.track().initKey(), 0, -1));
    return beside(like.track(), init, source(like, bytes), inits, closing);
  }

  /**
   * For pieces among those of one configuration.
   *
   * @param init of the configuration
   * @param source how it describes itself
   * @param closing whether open GOPs are closed
   * @throws MediaException UNSUPPORTED with the reason, when that cannot be exact
   */
  static EncodedTrack beside(
      TrackInfo info, InitSegment init, SourceTrack source, Inits inits, boolean closing)
      throws MediaException, IOException {
    if (info.codec().startsWith(AV1)) {
      return besideAv1(info, source);
    }
    AvcHeader recorded = init.avcHeader();
    if (recorded == null || recorded.sequence().isEmpty()) {
      throw unsupported("only H.264 and AV1 can be joined with what is encoded here");
    }
    for (byte[] set : recorded.sequence()) {
      SequenceParameters says = SequenceParameters.read(set);
      if (!says.progressive()) {
        throw unsupported("its pictures may be interlaced");
      }
      if (says.chromaFormat() != 1 || says.bitDepth() != 8) {
        throw unsupported("its pictures are not 8-bit 4:2:0");
      }
    }
    try (TrackEncoder probe = TrackEncoder.ofStretch(source, 0, 0, PictureWatch.NONE)) {
      SourceTrack made = probe.track();
      requireSize(made, source);
      EncodedSamples samples = EncodedSamples.of(made);
      AvcHeader copied = closing ? ClosedGop.of(recorded).header() : recorded;
      AddedEncoder added = AddedEncoder.of(copied, samples.sequenceSet(), samples.pictureSet());
      String key = inits.put(info.track(), init.with(added.header()).write());
      return new EncodedTrack(
          source,
          source.with(added.header().write()),
          TrackEncoder::ofStretch,
          encoded ->
              EncodedSamples.sample(encoded, added.picture(EncodedSamples.units(encoded.data()))),
          described(info, info.codec(), key, info.reorderTicks(), info.width(), info.height()),
          recorded);
    }
  }

  /**
   * AV1: the first picture of each encoder after a join is a keyframe with a sequence header before
   * it, which begins a coded video sequence of its own. The init part stays as recorded.
   */
  private static EncodedTrack besideAv1(TrackInfo info, SourceTrack source) throws MediaException {
    int format = source.parameters().format();
    if (format != avutil.AV_PIX_FMT_YUV420P && format != avutil.AV_PIX_FMT_YUV420P10LE) {
      throw unsupported("its pictures are not 4:2:0");
    }
    try (TrackEncoder probe = TrackEncoder.ofAv1Stretch(source, 0, 0, PictureWatch.NONE, null)) {
      requireSize(probe.track(), source);
    }
    return new EncodedTrack(
        source, source, TrackEncoder::ofAv1Stretch, EncodedTrack::av1Sample, info, null);
  }

  private static Packet av1Sample(Packet encoded) throws MediaException {
    return Packet.of(
        0,
        encoded.pts(),
        encoded.dts(),
        0,
        encoded.keyframe(),
        ByteBuffer.wrap(Av1Units.withoutDelimiters(encoded.data())));
  }

  private static void requireSize(SourceTrack made, SourceTrack source) throws MediaException {
    if (made.width() != source.width() || made.height() != source.height()) {
      throw unsupported("the encoder takes no pictures of its size");
    }
  }

  /** For a clip that is encoded as a whole. */
  static EncodedTrack alone(Recorded like, ByteSource bytes, Inits inits)
      throws MediaException, IOException {
    return alone(like.track(), source(like, bytes), inits);
  }

  /** The same for what is described like this. */
  static EncodedTrack alone(TrackInfo info, SourceTrack source, Inits inits)
      throws MediaException, IOException {
    try (TrackEncoder probe = TrackEncoder.ofStretch(source, 0, 0, PictureWatch.NONE)) {
      SourceTrack made = probe.track();
      InitSegment init = InitSegment.of(made, info.timescale());
      String key = inits.put(info.track(), init.write());
      return new EncodedTrack(
          source,
          made,
          TrackEncoder::ofStretch,
          EncodedSamples.of(made)::sample,
          described(info, init.codec(), key, 0, made.width(), made.height()),
          null);
    }
  }

  /** As the recording describes itself. */
  SourceTrack source() {
    return source;
  }

  /** As the clip describes itself. */
  SourceTrack clip() {
    return clip;
  }

  /** What the clip says of the track. */
  TrackInfo info() {
    return info;
  }

  /**
   * Begins to encode pictures. What comes out has the clip's bytes, is in order of show, each with
   * its presentation time.
   *
   * @param fromTicks presentation time of the first that is encoded
   * @param toTicks presentation time before which the last one lies
   * @param watch sees what every decoded picture looks like; of what is encoded, as it is encoded
   * @param fade null when they stay as they are
   * @return to be fed in decoding order, from a keyframe on
   */
  TrackEncoder encoder(long fromTicks, long toTicks, PictureWatch watch, PictureFade fade)
      throws MediaException {
    return coding.encoder(source, fromTicks, toTicks, watch, fade);
  }

  /**
   * Begins to encode pictures of another track in the form of this one's.
   *
   * @return to be fed in decoding order, from a keyframe on
   */
  TrackEncoder encoder(SourceTrack other) throws MediaException {
    return TrackEncoder.ofPicturesLike(other, source, info.codec().startsWith(AV1));
  }

  /**
   * Begins to close GOPs of the recording.
   *
   * @throws MediaException UNSUPPORTED when that is not possible
   */
  ClosedGop closedGop() throws MediaException {
    return ClosedGop.of(recorded);
  }

  /** What the clip holds of a picture that was encoded. */
  Packet sample(Packet encoded) throws MediaException {
    return samples.of(encoded);
  }

  private static SourceTrack source(Recorded like, ByteSource bytes)
      throws MediaException, IOException {
    byte[] init = bytes.read(like.track().initKey(), 0, -1);
    byte[] fragment =
        bytes.read(like.chunk().key(), like.fragment().offset(), like.fragment().length());
    try (MediaSource opened = MediaSource.of(init, fragment)) {
      return opened.tracks().stream()
          .filter(SourceTrack::isVideo)
          .findFirst()
          .orElseThrow(() -> unsupported("its pictures cannot be decoded"));
    }
  }

  private static TrackInfo described(
      TrackInfo info, String codec, String key, long reorderTicks, int width, int height) {
    return new TrackInfo(
        info.track(),
        info.kind(),
        codec,
        key,
        info.timescale(),
        reorderTicks,
        width,
        height,
        info.frameRate(),
        info.sampleRate(),
        info.channels(),
        info.language());
  }

  private static MediaException unsupported(String reason) {
    return new MediaException(Reason.UNSUPPORTED, reason);
  }
}
