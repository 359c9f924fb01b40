package io.sightline.media.encode;

import io.sightline.media.MediaException;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceTrack;
import io.sightline.records.Point;
import io.sightline.records.RenditionSpec;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongFunction;
import org.bytedeco.ffmpeg.global.avcodec;

/**
 * Encodes one track of a source anew, so that it can be recorded: pictures as H.264 ({@link
 * PictureEncoder}), sound as AAC ({@link SoundEncoder}). Each picture keeps the time that the
 * source gave it. Not thread-safe; owns native memory until closed.
 */
public interface TrackEncoder extends AutoCloseable {
  /**
   * @param track to begin with a keyframe
   * @throws MediaException UNSUPPORTED when it cannot be decoded or encoded
   */
  static TrackEncoder of(SourceTrack track) throws MediaException {
    return track.isVideo()
        ? new PictureEncoder(
            track, Long.MIN_VALUE, Long.MAX_VALUE, Coding.RECORDING, PictureWatch.NONE, null, 1)
        : new SoundEncoder(track);
  }

  /** As {@link #ofStretch(SourceTrack, long, long, PictureWatch, PictureFade)}, without a fade. */
  static TrackEncoder ofStretch(SourceTrack track, long fromTicks, long toTicks, PictureWatch watch)
      throws MediaException {
    return ofStretch(track, fromTicks, toTicks, watch, null);
  }

  /**
   * Encodes some of the pictures of a track, well enough to stand beside copied ones. The others
   * are decoded only, because those refer to them. Somebody waits for them: they are decoded on
   * threads of their own, beside the encoding.
   *
   * @param track to begin with a keyframe
   * @param fromTicks presentation time of the first picture, in the track's time base
   * @param toTicks presentation time before which the last one lies
   * @param watch sees every picture that is decoded; of those that are encoded, what they become
   * @param fade null when they stay as they are
   * @throws MediaException UNSUPPORTED when it cannot be decoded or encoded
   */
  static TrackEncoder ofStretch(
      SourceTrack track, long fromTicks, long toTicks, PictureWatch watch, PictureFade fade)
      throws MediaException {
    return new PictureEncoder(
        track, fromTicks, toTicks, Coding.CUTTING, watch, fade, TrackDecoder.BESIDE);
  }

  /** The same as AV1 of as many bits as the track has. */
  static TrackEncoder ofAv1Stretch(
      SourceTrack track, long fromTicks, long toTicks, PictureWatch watch, PictureFade fade)
      throws MediaException {
    return new PictureEncoder(
        track, fromTicks, toTicks, Coding.CUTTING_AV1, watch, fade, TrackDecoder.BESIDE);
  }

  /**
   * Encodes the pictures of a track in another size, shape or both.
   *
   * @param track to begin with a keyframe
   * @param centres by presentation time, the middle of what is seen of a picture as it is shown,
   *     where not all of it is
   * @param encoder what encodes them
   * @throws MediaException UNSUPPORTED when it cannot be decoded or encoded
   */
  static TrackEncoder ofRendition(
      SourceTrack track, RenditionSpec wanted, LongFunction<Point> centres, VideoEncoder encoder)
      throws MediaException {
    return new PictureEncoder(track, wanted, centres, encoder);
  }

  /**
   * Encodes sound as AAC.
   *
   * @param gain by which every sample is multiplied
   * @throws MediaException UNSUPPORTED when it cannot be decoded or encoded
   */
  static TrackEncoder ofSound(SourceTrack track, double gain) throws MediaException {
    return new SoundEncoder(track, seconds -> gain, null);
  }

  /**
   * Encodes sound as AAC that becomes louder or softer.
   *
   * @param gain by which a sample is multiplied, by its presentation time in seconds
   * @throws MediaException UNSUPPORTED when it cannot be decoded or encoded
   */
  static TrackEncoder ofSound(SourceTrack track, DoubleUnaryOperator gain) throws MediaException {
    return new SoundEncoder(track, gain, null);
  }

  /**
   * Encodes the pictures of a track in the form of another one, well enough to stand beside copied
   * ones: in its size between black bars, its colours, its time base and, where that is known, at
   * its rate. Their times begin with the first packet's.
   *
   * @param track to begin with a keyframe
   * @param av1 whether as AV1, else as H.264
   * @throws MediaException UNSUPPORTED when it cannot be decoded or encoded
   */
  static TrackEncoder ofPicturesLike(SourceTrack track, SourceTrack like, boolean av1)
      throws MediaException {
    return new FittingEncoder(track, like, av1 ? Coding.CUTTING_AV1 : Coding.CUTTING);
  }

  /**
   * Encodes sound as AAC of a form, without a hole from time zero on: where there is none, there is
   * silence.
   *
   * @param track what is given to it may be nothing at all
   * @param rate samples a second
   * @param seconds how long it becomes
   * @throws MediaException UNSUPPORTED when it cannot be decoded or encoded
   */
  static TrackEncoder ofSoundLike(SourceTrack track, int rate, int channels, double seconds)
      throws MediaException {
    return new SoundEncoder(track, rate, channels, seconds);
  }

  /** Whether there is a decoder for a track. */
  static boolean canDecode(SourceTrack track) {
    var codec = avcodec.avcodec_find_decoder(track.parameters().codecId());
    return codec != null && !codec.isNull();
  }

  /** What the track becomes; its index stays. */
  SourceTrack track();

  /**
   * Takes the next packet of the track. What cannot be decoded is left out.
   *
   * @throws MediaException when nothing can be encoded any more, or of the sink
   */
  void accept(Packet packet, PacketSink sink) throws MediaException;

  /** Encodes what is held back; nothing more may come. */
  void finish(PacketSink sink) throws MediaException;

  @Override
  void close();
}
