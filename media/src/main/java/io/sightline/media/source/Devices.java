package io.sightline.media.source;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.global.avdevice;
import org.bytedeco.ffmpeg.global.avformat;

/** Cameras of this machine, through Video4Linux. FFmpeg's other devices are not reachable. */
final class Devices {

  static final String FORMAT = "v4l2";

  private static final int TYPE = 0170000;
  private static final int CHARACTER_DEVICE = 0020000;

  private Devices() {}

  /**
   * FFmpeg's demuxer.
   *
   * @throws MediaException UNSUPPORTED where there is none
   */
  static AVInputFormat demuxer() throws MediaException {
    try {
      avdevice.avdevice_register_all();
    } catch (LinkageError e) {
      throw new MediaException(
          Reason.UNSUPPORTED, "FFmpeg's devices cannot be used here: " + e.getMessage(), e);
    }
    AVInputFormat format = avformat.av_find_input_format(FORMAT);
    if (format == null || format.isNull()) {
      throw new MediaException(
          Reason.UNSUPPORTED, "Cameras of this machine can be captured on Linux alone");
    }
    return format;
  }

  /** Says what is wrong before FFmpeg tries. */
  static void check(String name, Path path) throws MediaException {
    if (!Files.exists(path)) {
      throw absent(name);
    }
    try {
      if (((int) Files.getAttribute(path, "unix:mode") & TYPE) != CHARACTER_DEVICE) {
        throw noCamera(name);
      }
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      throw new MediaException(
          Reason.UNAVAILABLE, "The device " + name + " cannot be looked at: " + e.getMessage(), e);
    }
    if (!Files.isReadable(path) || !Files.isWritable(path)) {
      throw refused(name);
    }
  }

  static MediaException absent(String name) {
    return new MediaException(
        Reason.NOT_FOUND, "There is no device " + name + "; is the camera plugged in?");
  }

  static MediaException refused(String name) {
    return new MediaException(
        Reason.UNAUTHORIZED,
        "The device "
            + name
            + " may not be opened by this user; add the user to the group of the device, mostly"
            + " 'video'");
  }

  static MediaException busy(String name) {
    return new MediaException(
        Reason.UNAVAILABLE, "The device " + name + " is in use by another program; end that one");
  }

  static MediaException noCamera(String name) {
    return new MediaException(Reason.UNSUPPORTED, "The device " + name + " is no camera");
  }
}
