package io.sightline.media.encode;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.ffmpeg.FfmpegError;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avutil.AVBufferRef;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVHWFramesContext;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.DoublePointer;

/**
 * Brings planar pictures to where hardware encodes them: as NV12, in memory or on the device. Owns
 * native memory until closed.
 */
final class EncoderSurface implements AutoCloseable {

  /** Pictures that an encoder may hold on the device at a time. */
  private static final int POOL = 16;

  /** Where an encoder takes its pictures. */
  enum Kind {
    /** As they are. */
    PLANAR,
    /** In memory, brightness and colour in two planes. */
    NV12,
    /** The same, on a VAAPI device. */
    VAAPI
  }

  private final Kind kind;
  private final int width;
  private final int height;
  private AVBufferRef device;
  private AVBufferRef frames;
  private SwsContext scaler;
  private AVFrame inMemory;
  private AVFrame onDevice;

  EncoderSurface(Kind kind, int width, int height) {
    this.kind = kind;
    this.width = width;
    this.height = height;
  }

  /**
   * Says to an encoder, before it is opened, what it will be given.
   *
   * @throws MediaException UNSUPPORTED when there is no such device
   */
  void prepare(AVCodecContext encoder) throws MediaException {
    if (kind == Kind.PLANAR) {
      return;
    }
    inMemory = FfmpegError.allocated(avutil.av_frame_alloc());
    DoublePointer none = null;
    scaler =
        swscale.sws_getContext(
            width,
            height,
            avutil.AV_PIX_FMT_YUV420P,
            width,
            height,
            avutil.AV_PIX_FMT_NV12,
            swscale.SWS_POINT,
            null,
            null,
            none);
    if (scaler == null || scaler.isNull()) {
      scaler = null;
      throw new MediaException(Reason.UNSUPPORTED, "Pictures of this form cannot be encoded");
    }
    encoder.pix_fmt(avutil.AV_PIX_FMT_NV12);
    if (kind == Kind.VAAPI) {
      openDevice(encoder);
    }
  }

  private void openDevice(AVCodecContext encoder) throws MediaException {
    device = new AVBufferRef(null);
    FfmpegError.check(
        avutil.av_hwdevice_ctx_create(
            device, avutil.AV_HWDEVICE_TYPE_VAAPI, (String) null, null, 0),
        Reason.UNSUPPORTED,
        "There is no VAAPI device");
    frames = FfmpegError.allocated(avutil.av_hwframe_ctx_alloc(device));
    AVHWFramesContext described = new AVHWFramesContext(frames.data());
    described.format(avutil.AV_PIX_FMT_VAAPI).sw_format(avutil.AV_PIX_FMT_NV12);
    described.width(width).height(height).initial_pool_size(POOL);
    FfmpegError.check(
        avutil.av_hwframe_ctx_init(frames),
        Reason.UNSUPPORTED,
        "The VAAPI device takes no pictures of " + width + "x" + height);
    onDevice = FfmpegError.allocated(avutil.av_frame_alloc());
    encoder.pix_fmt(avutil.AV_PIX_FMT_VAAPI);
    encoder.hw_frames_ctx(FfmpegError.allocated(avutil.av_buffer_ref(frames)));
  }

  /**
   * @param planar in the encoder's size
   * @return borrowed until the next call; with the times and properties of the picture
   */
  AVFrame of(AVFrame planar) throws MediaException {
    if (kind == Kind.PLANAR) {
      return planar;
    }
    avutil.av_frame_unref(inMemory);
    inMemory.width(width).height(height).format(avutil.AV_PIX_FMT_NV12);
    FfmpegError.check(
        avutil.av_frame_get_buffer(inMemory, 0),
        Reason.UNAVAILABLE,
        "There is no memory left for pictures");
    swscale.sws_scale(
        scaler, planar.data(), planar.linesize(), 0, height, inMemory.data(), inMemory.linesize());
    avutil.av_frame_copy_props(inMemory, planar);
    if (kind == Kind.NV12) {
      return inMemory;
    }
    avutil.av_frame_unref(onDevice);
    FfmpegError.check(
        avutil.av_hwframe_get_buffer(frames, onDevice, 0),
        Reason.UNAVAILABLE,
        "The VAAPI device has no room for a picture");
    FfmpegError.check(
        avutil.av_hwframe_transfer_data(onDevice, inMemory, 0),
        Reason.UNAVAILABLE,
        "A picture cannot be brought to the VAAPI device");
    avutil.av_frame_copy_props(onDevice, planar);
    return onDevice;
  }

  @Override
  public void close() {
    if (onDevice != null) {
      avutil.av_frame_free(onDevice);
      onDevice = null;
    }
    if (inMemory != null) {
      avutil.av_frame_free(inMemory);
      inMemory = null;
    }
    if (scaler != null) {
      swscale.sws_freeContext(scaler);
      scaler = null;
    }
    if (frames != null) {
      avutil.av_buffer_unref(frames);
      frames = null;
    }
    if (device != null && !device.isNull()) {
      avutil.av_buffer_unref(device);
    }
    device = null;
  }
}
