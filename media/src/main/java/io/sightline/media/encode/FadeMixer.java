package io.sightline.media.encode;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.ffmpeg.FfmpegError;
import io.sightline.media.source.SourceTrack;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;

/** Mixes pictures in an encoder's form with a backdrop. Owns native memory until closed. */
final class FadeMixer implements AutoCloseable {

  private static final int ALL = 256;

  private final SourceTrack track;
  private final PictureFade fade;
  private final AVFrame made;
  private byte[][] backdrop;

  FadeMixer(SourceTrack track, PictureFade fade) throws MediaException {
    this.track = track;
    this.fade = fade;
    made = FfmpegError.allocated(avutil.av_frame_alloc());
  }

  /**
   * @param picture not changed
   * @return it, or another that is borrowed until the next call
   * @throws MediaException UNSUPPORTED when it does not have 8 bits in 4:2:0
   */
  AVFrame of(AVFrame picture) throws MediaException {
    int share = (int) Math.round(ALL * fade.shown().applyAsDouble(picture.pts()));
    if (share >= ALL) {
      return picture;
    }
    if (picture.format() != avutil.AV_PIX_FMT_YUV420P
        && picture.format() != avutil.AV_PIX_FMT_YUVJ420P) {
      throw new MediaException(Reason.UNSUPPORTED, "its pictures are not 8-bit 4:2:0");
    }
    avutil.av_frame_unref(made);
    made.width(picture.width()).height(picture.height()).format(avutil.AV_PIX_FMT_YUV420P);
    FfmpegError.check(
        avutil.av_frame_get_buffer(made, 0),
        Reason.UNAVAILABLE,
        "There is no memory left for pictures");
    made.color_range(picture.color_range());
    made.pts(picture.pts());
    if (backdrop == null) {
      backdrop =
          fade.backdrop()
              .planes(
                  picture.width(),
                  picture.height(),
                  track.sampleAspect().toDouble(),
                  track.parameters().colorMatrixId(),
                  PictureForm.fullRange(picture));
    }
    for (int plane = 0; plane < backdrop.length; plane++) {
      mix(picture, plane, Math.max(0, share));
    }
    return made;
  }

  private void mix(AVFrame picture, int plane, int share) {
    int width = plane == 0 ? picture.width() : picture.width() / 2;
    int height = plane == 0 ? picture.height() : picture.height() / 2;
    byte[] other = backdrop[plane];
    byte[] row = new byte[width];
    for (int y = 0; y < height; y++) {
      from(picture, plane, y).get(row);
      for (int x = 0; x < width; x++) {
        int mixed = (row[x] & 0xff) * share + (other[y * width + x] & 0xff) * (ALL - share);
        row[x] = (byte) (mixed + ALL / 2 >> 8);
      }
      from(made, plane, y).put(row);
    }
  }

  private static BytePointer from(AVFrame picture, int plane, int y) {
    return picture.data(plane).getPointer((long) y * picture.linesize(plane));
  }

  @Override
  public void close() {
    avutil.av_frame_free(made);
  }
}
