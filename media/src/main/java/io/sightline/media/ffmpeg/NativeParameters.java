package io.sightline.media.ffmpeg;

import io.sightline.media.MediaException;
import io.sightline.media.source.CodecParameters;
import io.sightline.media.source.SourceTrack;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avutil.AVChannelLayout;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;

/** Codec parameters between Java values and FFmpeg's structure. */
public final class NativeParameters {

  private NativeParameters() {}

  /**
   * Builds FFmpeg's structure for a track.
   *
   * @return to be freed with {@code avcodec_parameters_free}
   */
  public static AVCodecParameters allocate(SourceTrack track) throws MediaException {
    AVCodecParameters target = FfmpegError.allocated(avcodec.avcodec_parameters_alloc());
    try {
      fill(target, track);
      return target;
    } catch (MediaException | RuntimeException e) {
      avcodec.avcodec_parameters_free(target);
      throw e;
    }
  }

  /** Writes a track's parameters into a structure that the caller owns. */
  public static void fill(AVCodecParameters target, SourceTrack track) throws MediaException {
    CodecParameters from = track.parameters();
    target.codec_type(track.isVideo() ? avutil.AVMEDIA_TYPE_VIDEO : avutil.AVMEDIA_TYPE_AUDIO);
    target.codec_id(from.codecId());
    target.codec_tag(from.codecTag());
    target.format(from.format());
    target.bit_rate(from.bitsPerSecond());
    target.bits_per_coded_sample(from.bitsPerCodedSample());
    target.bits_per_raw_sample(from.bitsPerRawSample());
    target.profile(from.profile());
    target.level(from.level());
    target.width(track.width());
    target.height(track.height());
    target
        .sample_aspect_ratio()
        .num((int) track.sampleAspect().numerator())
        .den((int) track.sampleAspect().denominator());
    target.field_order(from.fieldOrderId());
    target.color_range(from.colorRangeId());
    target.color_primaries(from.colorPrimariesId());
    target.color_trc(from.colorTransferId());
    target.color_space(from.colorMatrixId());
    target.chroma_location(from.chromaLocationId());
    target.video_delay(from.reorderDepth());
    target.sample_rate(track.sampleRate());
    target.block_align(from.blockAlign());
    target.frame_size(from.frameSize());
    target.initial_padding(from.initialPadding());
    target.seek_preroll(from.seekPreroll());
    if (track.channels() > 0) {
      AVChannelLayout layout = target.ch_layout();
      if (from.channelMask() == 0
          || avutil.av_channel_layout_from_mask(layout, from.channelMask()) < 0) {
        avutil.av_channel_layout_default(layout, track.channels());
      }
    }
    byte[] header = from.extradata();
    if (header.length > 0) {
      BytePointer copy =
          FfmpegError.allocated(
              new BytePointer(
                  avutil.av_mallocz(header.length + (long) avcodec.AV_INPUT_BUFFER_PADDING_SIZE)));
      copy.put(header, 0, header.length);
      target.extradata(copy).extradata_size(header.length);
    }
  }

  /** Reads the values out of a structure that stays the caller's. */
  public static CodecParameters read(AVCodecParameters from) {
    byte[] header = new byte[Math.max(0, from.extradata_size())];
    if (header.length > 0) {
      from.extradata().get(header, 0, header.length);
    }
    boolean mask = from.ch_layout().order() == avutil.AV_CHANNEL_ORDER_NATIVE;
    return new CodecParameters(
        from.codec_id(),
        from.codec_tag(),
        from.format(),
        from.bit_rate(),
        from.bits_per_coded_sample(),
        from.bits_per_raw_sample(),
        from.profile(),
        from.level(),
        from.field_order(),
        from.color_range(),
        from.color_primaries(),
        from.color_trc(),
        from.color_space(),
        from.chroma_location(),
        from.video_delay(),
        mask ? from.ch_layout().u_mask() : 0,
        from.block_align(),
        from.frame_size(),
        from.initial_padding(),
        from.seek_preroll(),
        header);
  }
}
