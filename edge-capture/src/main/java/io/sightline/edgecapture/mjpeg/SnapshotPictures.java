package io.sightline.edgecapture.mjpeg;

import io.sightline.edgecapture.CaptureClock;
import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.records.Positions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hc.core5.http.HttpHeaders;

/**
 * A camera that is asked for its picture again and again. A picture that has not changed comes
 * once: the camera says so when it can, otherwise its bytes are compared.
 */
final class SnapshotPictures implements Pictures {

  /** Between two pictures something is heard at least so often. */
  private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(5);

  /** A time of change counts seconds: within one, a picture may have changed unseen. */
  private static final Duration COARSE = Duration.ofSeconds(1);

  private final CameraClient client;
  private final CaptureClock clock;
  private final Duration every;
  private final Map<String, String> conditions = new LinkedHashMap<>();
  private CameraAnswer first;
  private long dueMicros;
  private byte[] last = new byte[0];

  /**
   * @param first already there; nothing of it has been read
   * @param every from the beginning of one request to the next
   */
  SnapshotPictures(CameraClient client, CameraAnswer first, Duration every, CaptureClock clock) {
    this.client = client;
    this.first = first;
    this.every = every;
    this.clock = clock;
    this.dueMicros = clock.nowMicros();
  }

  @Override
  public String kind() {
    return "JPEG snapshots, asked for every " + every.toMillis() / 1_000.0 + " s";
  }

  @Override
  public Arrival next() throws MediaException, InterruptedException {
    if (first != null) {
      CameraAnswer answer = first;
      first = null;
      return taken(answer);
    }
    long now = clock.nowMicros();
    long due = Math.min(dueMicros + Positions.micros(every), now + Positions.micros(every));
    long soon = now + Positions.micros(SIGN_OF_LIFE);
    clock.awaitMicros(Math.min(due, soon));
    if (due > soon) {
      return Arrival.NOTHING_NEW;
    }
    // A slow camera is not asked twice at once to make up for it.
    dueMicros = Math.max(due, now);
    return taken(client.get(conditions));
  }

  private Arrival taken(CameraAnswer answer) throws MediaException {
    return client.read(
        () -> {
          try (answer) {
            return read(answer);
          }
        });
  }

  private Arrival read(CameraAnswer answer) throws IOException, MediaException {
    if (answer.unchanged()) {
      return Arrival.NOTHING_NEW;
    }
    if (!answer.isJpeg()) {
      client.abort();
      throw new MediaException(
          Reason.UNAVAILABLE, client.address() + " no longer answers with a JPEG");
    }
    byte[] picture = answer.body().readNBytes(MAX_BYTES + 1);
    if (picture.length > MAX_BYTES) {
      client.abort();
      return Arrival.damaged("it is larger than " + MAX_BYTES + " bytes");
    }
    remember(answer);
    if (Arrays.equals(picture, last)) {
      return Arrival.NOTHING_NEW;
    }
    last = picture;
    return Arrival.picture(ByteBuffer.wrap(picture));
  }

  private void remember(CameraAnswer answer) {
    conditions.clear();
    String tag = answer.header(HttpHeaders.ETAG);
    String changed = answer.header(HttpHeaders.LAST_MODIFIED);
    if (tag != null) {
      conditions.put(HttpHeaders.IF_NONE_MATCH, tag);
    } else if (changed != null && every.compareTo(COARSE) >= 0) {
      conditions.put(HttpHeaders.IF_MODIFIED_SINCE, changed);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
