package io.sightline.clipper.mediaconvert;

import io.sightline.clipper.ClipAccuracy;
import io.sightline.clipper.ClipMaker;
import io.sightline.media.MediaException;
import io.sightline.media.cut.Reel;
import io.sightline.records.ClipIndex;
import io.sightline.records.JobEstimate;
import io.sightline.records.Rational;
import io.sightline.records.TrackInfo;
import java.time.Duration;
import java.util.Comparator;
import java.util.Objects;

/**
 * MediaConvert as one process uses it. Clips and replays share one client and one reader of events:
 * a queue of events is for one reader alone. Thread-safe.
 */
public final class MediaConvert {

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  /** Where a source does not say. */
  private static final Rational USUAL_RATE = new Rational(30, 1);

  private final MediaConvertSettings settings;
  private final Duration firstPause;
  private final int inputsPerJob;

  // Guarded by this.
  private int users;
  private JobService service;
  private JobEvents events;

  /**
   * @throws IllegalArgumentException with a sentence, when it cannot be used as it is set
   */
  public MediaConvert(MediaConvertSettings settings) {
    this(settings, FIRST_PAUSE, Submission.MAX_INPUTS);
  }

  /**
   * @param firstPause after a first answer that something failed and may pass
   * @param inputsPerJob how many files one job may read
   */
  MediaConvert(MediaConvertSettings settings, Duration firstPause, int inputsPerJob) {
    settings.place();
    this.settings = settings;
    this.firstPause = firstPause;
    this.inputsPerJob = inputsPerJob;
  }

  /**
   * What has clips made by it.
   *
   * @throws IllegalArgumentException with a sentence, when it cannot make them as near to their
   *     marks as is said
   */
  public ClipMaker.Opener clips(ClipAccuracy accuracy) {
    if (accuracy != ClipAccuracy.FRAME) {
      throw new IllegalArgumentException(
          "MediaConvert encodes every clip, from picture to picture: set clips.accuracy to frame, or"
              + " clips.maker to local for copies");
    }
    return (vertx, objects, config) -> new MediaConvertMaker(vertx, objects, config, this);
  }

  /**
   * What it would cost, roughly, to encode a reel as a whole, by what its recordings say of
   * themselves. Asks nobody.
   *
   * @throws MediaException UNSUPPORTED when it cannot be encoded
   */
  public JobEstimate estimate(ClipIndex reel) throws MediaException {
    TrackInfo largest =
        reel.tracks().stream()
            .filter(info -> info.kind() == TrackInfo.Kind.VIDEO)
            .max(Comparator.comparingLong(info -> (long) info.width() * info.height()))
            .orElseThrow(ReelAssembly::noPictures);
    InputRules.requireReadable(reel.tracks());
    Rational rate =
        reel.tracks().stream()
            .map(TrackInfo::frameRate)
            .filter(Objects::nonNull)
            .filter(declared -> declared.numerator() > 0)
            .max(Comparator.comparingDouble(Rational::toDouble))
            .orElse(USUAL_RATE);
    PictureSize size = new PictureSize(largest.width(), largest.height());
    return estimate(size, rate, Reel.lengthMicros(reel));
  }

  /** What it costs to encode a replay, once its size and rate are known. */
  JobEstimate estimate(PictureSize size, Rational rate, long durationMicros) {
    return settings
        .prices()
        .estimate(size, size.ladder(settings.ladder()), settings.quality(), rate, durationMicros);
  }

  MediaConvertSettings settings() {
    return settings;
  }

  int inputsPerJob() {
    return inputsPerJob;
  }

  /** To be left when it is no longer used. */
  synchronized void use() {
    if (users++ == 0) {
      service = new JobService(settings, firstPause);
      events = new JobEvents(settings);
    }
  }

  /** The last one who leaves closes it; may block for a moment. */
  synchronized void leave() {
    if (--users == 0) {
      events.close();
      service.close();
    }
  }

  /** While it is in use. */
  synchronized JobService service() {
    return service;
  }

  /** While it is in use. */
  synchronized JobEvents events() {
    return events;
  }
}
