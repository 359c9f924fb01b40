package io.sightline.edgecapture;

import io.sightline.edgecapture.mjpeg.MjpegSource;
import io.sightline.media.MediaException;
import io.sightline.media.source.MediaSource;
import io.sightline.media.source.PacketSource;
import io.sightline.media.source.SourceOptions;
import io.sightline.records.InputSpec;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A file, or something that is fetched over a network. What answers to HTTP is asked what it is:
 * MJPEG and snapshots are read by code of our own, everything else (HLS, MPEG-TS) by FFmpeg. Used
 * by one thread.
 */
final class PulledInput implements InputOpener {

  private final InputUrl url;
  private final Duration every;
  private final SourceOptions options;
  private final CaptureClock clock;

  /** So that an answer of that kind is not asked for twice each time. */
  private boolean knownForFfmpeg;

  private PulledInput(InputUrl url, Duration every, SourceOptions options, CaptureClock clock) {
    this.url = url;
    this.every = every;
    this.options = options;
    this.clock = clock;
  }

  /**
   * @param every how often a snapshot is asked for
   */
  static InputOpener opener(
      InputUrl url, Duration every, SourceOptions options, CaptureClock clock) {
    return url.kind() == null
        ? new PulledInput(url, every, options, clock)
        : url.kind().opener(new SourceRequest(url.url(), every, options, clock));
  }

  @Override
  public PacketSource open(BooleanSupplier stop, Consumer<String> waiting)
      throws MediaException, InterruptedException {
    if (url.overHttp() && !knownForFfmpeg) {
      Optional<PacketSource> camera =
          MjpegSource.open(
              url.url(), every, options.openTimeout(), options.readTimeout(), clock, stop);
      if (camera.isPresent()) {
        return camera.get();
      }
    }
    // What has changed meanwhile is asked again.
    knownForFfmpeg = false;
    MediaSource source = MediaSource.open(url.url(), options, stop);
    knownForFfmpeg = true;
    return source;
  }

  /** Opens it once, for a look; as long as nobody interrupts. */
  static PacketSource look(InputUrl url) throws MediaException {
    InputOpener opener =
        opener(url, InputSpec.DEFAULT_EVERY, SourceOptions.DEFAULTS, CaptureClock.system());
    try (opener) {
      return opener.open(() -> false, sentence -> {});
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MediaException(
          MediaException.Reason.TIMEOUT, "Opening " + url + " was interrupted", e);
    }
  }
}
