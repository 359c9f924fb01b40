package io.sightline.edgecapture.medialive;

import io.sightline.edgecapture.CaptureClock;
import io.sightline.edgecapture.InputOpener;
import io.sightline.edgecapture.mjpeg.MjpegSource;
import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.source.PacketSource;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * Waits until a pipeline shows something, asking seldom: most channels of an account are idle most
 * of the time, and all share what the service answers. Used by one thread.
 */
final class ThumbnailOpener implements InputOpener {

  /** From one look at a channel that does not run to the next, about. */
  private static final Duration SELDOM = Duration.ofSeconds(30);

  /** Thumbnails are made every two seconds, about. */
  private static final Duration STALE = Duration.ofSeconds(30);

  /** What somebody has to change before it is worth while to ask again. */
  private static final Set<Reason> FOR_LONG =
      EnumSet.of(Reason.NOT_FOUND, Reason.UNAUTHORIZED, Reason.UNSUPPORTED);

  private final PipelineAddress address;
  private final Supplier<MediaLiveKind.Region> regions;
  private final Duration every;
  private final Duration seldom;
  private final Duration stale;
  private final CaptureClock clock;

  private ThumbnailPictures pictures;
  private boolean refused;

  /**
   * @param regions makes its client when it is first asked
   */
  ThumbnailOpener(
      PipelineAddress address,
      Supplier<MediaLiveKind.Region> regions,
      Duration every,
      CaptureClock clock) {
    this(address, regions, every, SELDOM, STALE, clock);
  }

  ThumbnailOpener(
      PipelineAddress address,
      Supplier<MediaLiveKind.Region> regions,
      Duration every,
      Duration seldom,
      Duration stale,
      CaptureClock clock) {
    this.address = address;
    this.regions = regions;
    this.every = every;
    this.seldom = seldom;
    this.stale = stale;
    this.clock = clock;
  }

  @Override
  public PacketSource open(BooleanSupplier stop, Consumer<String> waiting)
      throws MediaException, InterruptedException {
    if (refused) {
      clock.pause(about(seldom));
    }
    refused = false;
    try {
      return opened(stop, waiting);
    } catch (MediaException e) {
      refused = FOR_LONG.contains(e.reason());
      throw e;
    }
  }

  private PacketSource opened(BooleanSupplier stop, Consumer<String> waiting)
      throws MediaException, InterruptedException {
    MediaLiveKind.Region region = region();
    Pipeline pipeline = new Pipeline(address, region);
    Supplier<Turn> line = () -> new Turn(region.pace(), clock, System::nanoTime);
    String told = null;
    boolean runs = true;
    while (true) {
      try {
        if (runs) {
          await(line.get(), stop);
          Optional<Thumbnail> thumbnail = pipeline.look();
          if (thumbnail.isPresent()) {
            return source(pipeline, thumbnail.get(), line);
          }
        }
        await(line.get(), stop);
        Pipeline.Standing standing = pipeline.standing();
        if (!standing.sentence().equals(told)) {
          waiting.accept(standing.sentence());
          told = standing.sentence();
        }
        boolean begins = standing.runs() && !runs;
        runs = standing.runs();
        requireGoing(stop);
        if (!begins) {
          clock.pause(about(runs ? every : seldom));
        }
      } catch (Pipeline.ThrottledException e) {
        requireGoing(stop);
      }
    }
  }

  private PacketSource source(Pipeline pipeline, Thumbnail first, Supplier<Turn> line)
      throws MediaException, InterruptedException {
    if (pictures != null && !first.isOtherThan(pictures.last())) {
      throw new MediaException(
          Reason.TIMEOUT, ThumbnailPictures.staleness(address, pictures.last()));
    }
    Duration atLeast = every.multipliedBy(3);
    Duration tooOld = stale.compareTo(atLeast) > 0 ? stale : atLeast;
    pictures = new ThumbnailPictures(address, pipeline, first, line, every, tooOld, clock);
    return MjpegSource.of("MediaLive", pictures, clock);
  }

  private MediaLiveKind.Region region() throws MediaException {
    try {
      return regions.get();
    } catch (SdkClientException e) {
      throw new MediaException(
          Reason.UNSUPPORTED,
          "Where "
              + address
              + " is, is not known: "
              + e.getMessage()
              + ". Name it in the URL: ?region=eu-west-1",
          e);
    }
  }

  private void await(Turn turn, BooleanSupplier stop) throws MediaException, InterruptedException {
    do {
      requireGoing(stop);
    } while (!turn.await(seldom));
  }

  private void requireGoing(BooleanSupplier stop) throws MediaException {
    if (stop.getAsBoolean()) {
      throw new MediaException(Reason.TIMEOUT, "Opening " + address + " was interrupted");
    }
  }

  /** So that many who were started together do not ask together. */
  private static Duration about(Duration pause) {
    return Duration.ofNanos(
        (long) (pause.toNanos() * ThreadLocalRandom.current().nextDouble(0.75, 1.25)));
  }
}
