package io.sightline.edgecapture;

import io.sightline.media.MediaException;
import io.sightline.media.source.PacketSource;
import io.sightline.records.PictureOptions;
import io.sightline.records.Positions;
import io.sightline.records.Profile;
import java.time.Clock;
import java.time.Duration;

/**
 * Captures one source as a live one, but for a consumer instead of a gateway, and without waiting:
 * the clock is that of the media, so an hour of it takes as long as the work on it does. What comes
 * out is what a gateway would be sent, in order. All on the calling thread.
 */
public final class Rehearsal {

  /** Takes what a gateway would be sent. */
  public interface Sink {

    /**
     * The next item of an epoch.
     *
     * @param sequence from 0 in each epoch, gapless
     * @param header the item as JSON
     * @param payload a picture, an init part, a chunk, or nothing; not to be changed
     */
    void item(long sequence, byte[] header, byte[] payload);
  }

  private static final String STREAM = "rehearsal";
  private static final String AGENT = "local";

  private final CaptureClock clock = new MediaClock();
  private final StreamMeter meter = new StreamMeter(STREAM, clock);
  private final Outbox outbox =
      new Outbox(
          Outbox.Policy.WAIT, CaptureConfig.DEFAULT_BUFFER_BYTES, meter, this::handOverWhatIsThere);
  private final Sink sink;

  private Rehearsal(Sink sink) {
    this.sink = sink;
  }

  /**
   * Reads a source to its end.
   *
   * @param source stays the caller's
   * @param record whether chunks are made
   * @throws MediaException when the source breaks off, or has nothing that can be captured
   * @throws InterruptedException when the thread was interrupted
   */
  public static CaptureStatus run(PacketSource source, Profile profile, boolean record, Sink sink)
      throws MediaException, InterruptedException {
    return new Rehearsal(sink).read(source, profile, record);
  }

  private CaptureStatus read(PacketSource source, Profile profile, boolean record)
      throws MediaException, InterruptedException {
    TrackChoice choice = TrackChoice.of(source.tracks(), record, true);
    choice.require(false, STREAM);
    meter.note(choice.note());
    EpochLine line = EpochLine.live(outbox, clock, STREAM, AGENT, 0, profile, PictureOptions.NONE);
    Duration chunkTarget = CaptureConfig.DEFAULT_CHUNK_TARGET;
    try (Feed feed = new Feed(source, choice, line, clock, Turn.ALONE, true, true, chunkTarget)) {
      while (feed.step()) {
        // One packet after the other.
      }
      feed.finish();
      line.end("the source ended", 0);
    }
    return meter.snapshot();
  }

  /** Called after each item that was put, on this thread: nothing ever waits. */
  private void handOverWhatIsThere() {
    for (EpochQueue epoch = outbox.head(); epoch != null; ) {
      EpochQueue.Outgoing item = epoch.next(Long.MAX_VALUE, Long.MAX_VALUE);
      if (item == null) {
        return;
      }
      sink.item(item.sequence(), item.header(), item.payload());
      epoch.acknowledge(item.sequence());
      epoch = outbox.head();
    }
  }

  /** Stands still until something waits for a time; then it is that time. */
  private static final class MediaClock implements CaptureClock {

    private long now = Positions.of(Clock.systemUTC().instant());

    @Override
    public long nowMicros() {
      return now;
    }

    @Override
    public void awaitMicros(long micros) {
      now = Math.max(now, micros);
    }
  }
}
