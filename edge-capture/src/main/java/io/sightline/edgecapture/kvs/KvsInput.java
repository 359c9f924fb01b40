package io.sightline.edgecapture.kvs;

import io.sightline.edgecapture.InputOpener;
import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.media.source.MediaSource;
import io.sightline.media.source.PacketSource;
import io.sightline.media.source.SourceOptions;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Opens a Kinesis video stream, session by session. A session is left at a keyframe before it
 * expires, and the next one goes on with that keyframe. One thread.
 */
final class KvsInput implements InputOpener {

  /** The longest that there is. */
  private static final Duration EXPIRES = Duration.ofHours(12);

  private static final Duration RENEWED_AFTER = EXPIRES.minusMinutes(5);

  private final KvsAddress address;
  private final SourceOptions options;
  private final Duration renewedAfter;
  private final KvsSessions sessions;
  private final ReadSoFar read = new ReadSoFar();
  private KvsSource last;

  KvsInput(KvsAddress address, SourceOptions options) {
    this(address, options, EXPIRES, RENEWED_AFTER);
  }

  KvsInput(KvsAddress address, SourceOptions options, Duration expires, Duration renewedAfter) {
    this.address = address;
    this.options = options;
    this.renewedAfter = renewedAfter;
    this.sessions = new KvsSessions(address, expires);
  }

  @Override
  public PacketSource open(BooleanSupplier stop, Consumer<String> waiting)
      throws MediaException, InterruptedException {
    last = null;
    KvsSession session = sessions.open();
    long renewNanos = System.nanoTime() + renewedAfter.toNanos();
    try {
      MediaSource source = MediaSource.open(session.url(), address.toString(), options, stop);
      read.begin(source.tracks());
      last = new KvsSource(address, session, source, read, renewNanos);
      return last;
    } catch (MediaException e) {
      throw failure(address, session, e);
    }
  }

  /** A session that refuses says nothing about the credentials: it is one that has ended. */
  static MediaException failure(KvsAddress address, KvsSession session, MediaException e) {
    boolean over = e.reason() == Reason.UNAUTHORIZED || e.reason() == Reason.NOT_FOUND;
    String message = session.withoutSecret(e.getMessage());
    return new MediaException(
        over ? Reason.UNAVAILABLE : e.reason(),
        over ? "The session of " + address + " has ended: " + message : message);
  }

  @Override
  public boolean goesOn() {
    return last != null && last.renewed();
  }

  @Override
  public void close() {
    sessions.close();
  }
}
