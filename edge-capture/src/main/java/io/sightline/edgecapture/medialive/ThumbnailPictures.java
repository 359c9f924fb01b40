package io.sightline.edgecapture.medialive;

import io.sightline.edgecapture.CaptureClock;
import io.sightline.edgecapture.mjpeg.Arrival;
import io.sightline.edgecapture.mjpeg.Pictures;
import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.records.Positions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The thumbnails of a pipeline, one after the other, each once. It ends when the pipeline stops. A
 * call that fails, or that has to wait because the service is asked too much, ends nothing.
 */
final class ThumbnailPictures implements Pictures {

  /** Between two pictures something is heard at least so often. */
  private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(5);

  private static final int MAX_FAILURES = 3;

  private final PipelineAddress address;
  private final Pipeline pipeline;
  private final Supplier<Turn> line;
  private final Duration every;
  private final Duration stale;
  private final CaptureClock clock;

  private Thumbnail first;
  private Thumbnail last;
  private Turn turn;
  private long dueMicros;
  private long changedMicros;
  private int failures;
  private String ending;

  /**
   * @param first has been fetched already
   * @param line gives places in it
   * @param every from one request to the next, at best
   * @param stale after so long the same thumbnail is a fault
   */
  ThumbnailPictures(
      PipelineAddress address,
      Pipeline pipeline,
      Thumbnail first,
      Supplier<Turn> line,
      Duration every,
      Duration stale,
      CaptureClock clock) {
    this.address = address;
    this.pipeline = pipeline;
    this.first = first;
    this.last = first;
    this.line = line;
    this.every = every;
    this.stale = stale;
    this.clock = clock;
    this.dueMicros = clock.nowMicros() + Positions.micros(every);
    this.changedMicros = clock.nowMicros();
  }

  @Override
  public String kind() {
    return "Thumbnails of " + address + ", asked for every " + every.toMillis() / 1_000.0 + " s";
  }

  /** The last one that was fetched. */
  Thumbnail last() {
    return last;
  }

  @Override
  public String ending() {
    return ending;
  }

  @Override
  public Arrival next() throws MediaException, InterruptedException {
    if (first != null) {
      Thumbnail thumbnail = first;
      first = null;
      return picture(thumbnail);
    }
    if (!isTurn()) {
      return Arrival.NOTHING_NEW;
    }
    turn = null;
    long now = clock.nowMicros();
    // Who had to wait is not asked twice at once to make up for it.
    dueMicros = Math.max(dueMicros, now - Positions.micros(every)) + Positions.micros(every);
    try {
      Optional<Thumbnail> thumbnail = look();
      return thumbnail.isPresent() ? changed(thumbnail.get()) : missing();
    } catch (Pipeline.ThrottledException | PassingException e) {
      return Arrival.NOTHING_NEW;
    }
  }

  /** Something that is not worth an end. */
  private static final class PassingException extends Exception {
    private static final long serialVersionUID = 1;

    PassingException(MediaException cause) {
      super(cause.getMessage(), cause);
    }
  }

  private Optional<Thumbnail> look()
      throws MediaException, Pipeline.ThrottledException, PassingException, InterruptedException {
    try {
      Optional<Thumbnail> thumbnail = pipeline.look();
      failures = 0;
      return thumbnail;
    } catch (MediaException e) {
      boolean mayPass = e.reason() == Reason.UNAVAILABLE || e.reason() == Reason.TIMEOUT;
      if (mayPass && ++failures < MAX_FAILURES) {
        throw new PassingException(e);
      }
      throw e;
    }
  }

  /** Waits for the time and for its place in line; false when a sign of life is due first. */
  private boolean isTurn() throws InterruptedException {
    if (turn == null) {
      long now = clock.nowMicros();
      dueMicros = Math.min(dueMicros, now + Positions.micros(every));
      long soon = now + Positions.micros(SIGN_OF_LIFE);
      clock.awaitMicros(Math.min(dueMicros, soon));
      if (dueMicros > soon) {
        return false;
      }
      turn = line.get();
    }
    return turn.await(SIGN_OF_LIFE);
  }

  private Arrival changed(Thumbnail thumbnail) throws MediaException {
    long now = clock.nowMicros();
    if (thumbnail.isOtherThan(last)) {
      last = thumbnail;
      changedMicros = now;
      return picture(thumbnail);
    }
    requireFresh(now);
    return Arrival.NOTHING_NEW;
  }

  /** Null when the pipeline does not run any more. */
  private Arrival missing()
      throws MediaException, Pipeline.ThrottledException, InterruptedException {
    requireFresh(clock.nowMicros());
    Turn another = line.get();
    if (!another.await(SIGN_OF_LIFE)) {
      return Arrival.NOTHING_NEW;
    }
    Pipeline.Standing standing = pipeline.standing();
    if (standing.runs()) {
      return Arrival.NOTHING_NEW;
    }
    ending = standing.sentence();
    return null;
  }

  private void requireFresh(long now) throws MediaException {
    if (now - changedMicros > Positions.micros(stale)) {
      throw new MediaException(Reason.TIMEOUT, staleness(address, last));
    }
  }

  static String staleness(PipelineAddress address, Thumbnail thumbnail) {
    return "MediaLive has no new thumbnail of "
        + address
        + (thumbnail.time() == null ? "" : ", the last is of " + thumbnail.time());
  }

  private static Arrival picture(Thumbnail thumbnail) {
    if (!thumbnail.isJpeg()) {
      return Arrival.damaged("it is no JPEG");
    }
    try {
      return Arrival.picture(ByteBuffer.wrap(thumbnail.bytes()));
    } catch (IllegalArgumentException e) {
      return Arrival.damaged("it is not written in Base64");
    }
  }

  @Override
  public void close() {
    // Nothing is open between two calls.
  }
}
