package io.sightline.media.encode;

import io.sightline.media.MediaException;
import io.sightline.media.source.Packet;
import io.sightline.media.source.SourceTrack;
import io.sightline.records.Point;
import io.sightline.records.RenditionSpec;
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
            track, Long.MIN_VALUE, Long.MAX_VALUE, Coding.RECORDING, PictureWatch.NONE, 1)
        : new SoundEncoder(track);
  }

  /**
   * Encodes some of the pictures of a track, well enough to stand beside copied ones. The others
   * are decoded only, because those refer to them. Somebody waits for them: they are decoded on
   * threads of their own, beside the encoding.
   *
   * @param track to begin with a keyframe
   * @param fromTicks presentation time of the first picture, in the track's time base
   * @param toTicks presentation time before which the last one lies
   * @param watch sees every picture that is decoded
   * @throws MediaException UNSUPPORTED when it cannot be decoded or encoded
   */
  static TrackEncoder ofStretch(SourceTrack track, long fromTicks, long toTicks, PictureWatch watch)
      throws MediaException {
    return new PictureEncoder(
        track, fromTicks, toTicks, Coding.CUTTING, watch, TrackDecoder.BESIDE);
  }

  /** As {@link #ofStretch}, as AV1 of as many bits as the track has. */
  static TrackEncoder ofAv1Stretch(
      SourceTrack track, long fromTicks, long toTicks, PictureWatch watch) throws MediaException {
    return new PictureEncoder(
        track, fromTicks, toTicks, Coding.CUTTING_AV1, watch, TrackDecoder.BESIDE);
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
    return new SoundEncoder(track, gain, null);
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
