package io.sightline.edgecapture;

import io.sightline.edgecapture.mjpeg.MjpegSource;
import io.sightline.media.MediaException;
import io.sightline.media.source.MediaSource;
import io.sightline.media.source.PacketSource;
import io.sightline.media.source.SourceOptions;
import io.sightline.records.InputSpec;
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
  private final SourceRequest request;

  /** So that an answer of that kind is not asked for twice each time. */
  private boolean knownForFfmpeg;

  private PulledInput(InputUrl url, SourceRequest request) {
    this.url = url;
    this.request = request;
  }

  static InputOpener opener(InputUrl url, SourceRequest request) {
    return url.kind() == null ? new PulledInput(url, request) : url.kind().opener(request);
  }

  @Override
  public PacketSource open(BooleanSupplier stop, Consumer<String> waiting)
      throws MediaException, InterruptedException {
    if (url.overHttp() && !knownForFfmpeg) {
      Optional<PacketSource> camera =
          MjpegSource.open(
              url.url(),
              request.every(),
              request.options().openTimeout(),
              request.options().readTimeout(),
              request.clock(),
              stop);
      if (camera.isPresent()) {
        return camera.get();
      }
    }
    // What has changed meanwhile is asked again.
    knownForFfmpeg = false;
    MediaSource source = MediaSource.open(url.url(), request.options(), stop);
    knownForFfmpeg = true;
    return source;
  }

  /** Opens it once, for a look; as long as nobody interrupts. */
  static PacketSource look(InputUrl url) throws MediaException {
    SourceRequest request =
        new SourceRequest(
            url.url(), InputSpec.DEFAULT_EVERY, SourceOptions.DEFAULTS, CaptureClock.system());
    try {
      return url.kind() == null
          ? new PulledInput(url, request).open(() -> false, sentence -> {})
          : url.kind().look(request);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MediaException(
          MediaException.Reason.TIMEOUT, "Opening " + url + " was interrupted", e);
    }
  }
}
