package io.sightline.media.source;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.ffmpeg.FfmpegError;
import io.sightline.media.ffmpeg.FfmpegLog;
import io.sightline.records.InputSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Where a source is, under a name that may be shown, and the sentences for what can be wrong with
 * it.
 *
 * @param kind what FFmpeg may do with it
 * @param url for FFmpeg; may hold credentials
 * @param name for people; holds none
 * @param path of a file; null elsewhere
 */
record SourceAddress(SourceKind kind, String url, String name, Path path) {

  /** Bytes that somebody has already. */
  static final SourceAddress MEMORY =
      new SourceAddress(SourceKind.MEMORY, "memory.mp4", "This media", null);

  private static final int LOOK_BYTES = 512;

  /** Checks what can be checked without opening it. */
  static SourceAddress of(String url) throws MediaException {
    SourceKind kind = SourceKind.of(url);
    if (kind == SourceKind.DEVICE) {
      return device(url);
    }
    if (!kind.isFile()) {
      return new SourceAddress(kind, url, InputSpec.safe(url), null);
    }
    Path path = SourceKind.path(url);
    String name = path.toString();
    if (!Files.exists(path)) {
      throw new MediaException(Reason.NOT_FOUND, "There is no file " + name);
    }
    if (Files.isDirectory(path)) {
      throw new MediaException(Reason.UNSUPPORTED, name + " is a folder, not a video");
    }
    if (!Files.isReadable(path)) {
      throw new MediaException(Reason.UNAUTHORIZED, "The file " + name + " may not be read");
    }
    try {
      if (Files.isRegularFile(path) && Files.size(path) == 0) {
        throw new MediaException(Reason.MALFORMED, name + " is empty: it has no bytes at all");
      }
    } catch (IOException e) {
      throw unreadable(name, e);
    }
    return new SourceAddress(kind, "file:" + path.toAbsolutePath(), name, path);
  }

  /** The same under another name. */
  SourceAddress named(String otherName) {
    return new SourceAddress(kind, url, otherName, path);
  }

  private static SourceAddress device(String url) throws MediaException {
    try {
      DeviceAddress device = DeviceAddress.parse(url);
      Devices.check(device.path(), Path.of(device.path()));
      return new SourceAddress(SourceKind.DEVICE, url, device.path(), null);
    } catch (IllegalArgumentException e) {
      throw new MediaException(Reason.UNSUPPORTED, e.getMessage(), e);
    }
  }

  /** Why opening ended with an error code. */
  MediaException openFailure(int code, boolean interrupted, Duration limit) {
    if (interrupted) {
      return new MediaException(Reason.TIMEOUT, "Opening " + name + " was interrupted");
    }
    if (kind.isFile()) {
      return notMedia(FfmpegError.text(code));
    }
    if (kind == SourceKind.DEVICE) {
      return deviceFailure(code, limit);
    }
    for (String line : FfmpegLog.lines()) {
      if (line.contains("not on whitelist")) {
        return new MediaException(
            Reason.MALFORMED,
            name + " leads to something that a source of its kind may not open: " + line);
      }
      if (line.contains("Failed to resolve hostname")) {
        return new MediaException(Reason.NOT_FOUND, name + " cannot be reached: " + line);
      }
    }
    Reason reason = FfmpegError.reason(code);
    return new MediaException(
        reason,
        switch (reason) {
          case UNAUTHORIZED -> name + " refuses these credentials: " + FfmpegError.text(code);
          case NOT_FOUND -> name + " does not exist: " + FfmpegError.text(code);
          case TIMEOUT -> name + " did not answer within " + seconds(limit);
          case MALFORMED -> name + " is no video: " + reasonText(code);
          default -> name + " cannot be opened: " + reasonText(code);
        });
  }

  /** Why reading ended with an error code, of a source on the network. */
  MediaException readFailure(int code, boolean interrupted, Duration limit) {
    if (interrupted) {
      return new MediaException(Reason.TIMEOUT, "Reading " + name + " was interrupted");
    }
    if (kind == SourceKind.DEVICE && code == FfmpegError.NO_DEVICE) {
      return new MediaException(Reason.NOT_FOUND, "The device " + name + " was unplugged");
    }
    Reason reason = FfmpegError.reason(code);
    if (reason == Reason.TIMEOUT) {
      return new MediaException(reason, name + " sent nothing for " + seconds(limit));
    }
    return new MediaException(reason, name + " broke off: " + reasonText(code));
  }

  /**
   * Why another process could not receive it any longer.
   *
   * @param code FFmpeg's
   * @param more what FFmpeg said beside it
   * @param begun whether anything had come
   */
  MediaException relayFailure(int code, String more, boolean begun) {
    String why = FfmpegError.text(code) + more;
    return new MediaException(
        FfmpegError.reason(code), name + (begun ? " broke off: " : " cannot be opened: ") + why);
  }

  private MediaException deviceFailure(int code, Duration limit) {
    return switch (code) {
      case FfmpegError.NO_ENTRY, FfmpegError.NO_DEVICE, FfmpegError.NO_ADDRESS ->
          Devices.absent(name);
      case FfmpegError.NO_ACCESS, FfmpegError.NOT_PERMITTED -> Devices.refused(name);
      case FfmpegError.BUSY -> Devices.busy(name);
      case FfmpegError.NO_TERMINAL -> Devices.noCamera(name);
      case FfmpegError.INVALID ->
          new MediaException(
              Reason.UNSUPPORTED,
              "The device " + name + " does not do what is asked of it: " + reasonText(code));
      default ->
          FfmpegError.reason(code) == Reason.TIMEOUT
              ? new MediaException(
                  Reason.TIMEOUT,
                  "The device " + name + " gave no picture within " + seconds(limit))
              : new MediaException(
                  Reason.UNAVAILABLE,
                  "The device " + name + " cannot be opened: " + reasonText(code));
    };
  }

  /** A file (or what a server sent) that cannot be taken for a video. */
  MediaException notMedia(String why) {
    if (path == null) {
      return new MediaException(Reason.MALFORMED, name + " is no video: " + why);
    }
    try {
      Mp4Boxes boxes = Mp4Boxes.read(path);
      if (boxes.isMedia() && !boxes.hasIndex()) {
        return MediaException.incomplete(
            name
                + " is incomplete: its index (moov) is missing; "
                + (boxes.breaksOff()
                    ? "its last part should end at byte "
                        + boxes.announcedBytes()
                        + ", but the file ends at byte "
                        + boxes.sizeBytes()
                    : "the file ends at byte " + boxes.sizeBytes()),
            Ending.UNKNOWN);
      }
      if (looksLikeText()) {
        return new MediaException(
            Reason.MALFORMED, name + " is no video: it holds text, whatever its name says");
      }
    } catch (IOException e) {
      return unreadable(name, e);
    }
    return new MediaException(Reason.MALFORMED, name + " is no video that can be read: " + why);
  }

  private boolean looksLikeText() throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] start = in.readNBytes(LOOK_BYTES);
      for (byte value : start) {
        if (value >= 0 && value < ' ' && value != '\n' && value != '\r' && value != '\t') {
          return false;
        }
      }
      return start.length > 0;
    }
  }

  private static MediaException unreadable(String name, IOException e) {
    return new MediaException(
        Reason.UNAVAILABLE, "The file " + name + " cannot be read: " + e.getMessage(), e);
  }

  private static String reasonText(int code) {
    return FfmpegLog.lastLine()
        .map(line -> FfmpegError.text(code) + " (" + line + ")")
        .orElse(FfmpegError.text(code));
  }

  private static String seconds(Duration limit) {
    return limit.toMillis() / 1_000.0 + " s";
  }

  @Override
  public String toString() {
    return name;
  }
}
