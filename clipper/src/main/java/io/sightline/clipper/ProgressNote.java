package io.sightline.clipper;

import io.sightline.records.MediaProgress;
import io.sightline.records.Positions;
import io.sightline.records.StoreKeys;
import io.sightline.storage.RecordStore;
import io.sightline.storage.Records;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells those who wait for a clip or rendition how far it has come: noted when it takes more than
 * two seconds, then at most once a second, and forgotten when it is made. Whoever makes it never
 * waits for that, and does not fail with it. Thread-safe.
 */
public final class ProgressNote implements Progress {

  private static final Logger LOG = LoggerFactory.getLogger(ProgressNote.class);

  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration BETWEEN = Duration.ofSeconds(1);

  /** What a killed process has noted goes by itself. */
  private static final Duration LIFE = Duration.ofSeconds(30);

  private final Records<MediaProgress> notes;
  private final String stream;
  private final String id;
  private final InstantSource clock;

  // Guarded by this.
  private Instant due;
  private boolean noted;

  /**
   * @param id of the clip or rendition, which begins to be made now
   */
  public ProgressNote(RecordStore store, String stream, String id, InstantSource clock) {
    this.notes = Records.of(store, MediaProgress.class);
    this.stream = stream;
    this.id = id;
    this.clock = clock;
    this.due = clock.instant().plus(PATIENCE);
  }

  @Override
  public void at(String doing, double fraction) {
    Instant now = clock.instant();
    synchronized (this) {
      if (now.isBefore(due)) {
        return;
      }
      due = now.plus(BETWEEN);
      noted = true;
    }
    int percent = (int) Math.round(100 * Math.min(1, Math.max(0, fraction)));
    notes
        .put(
            StoreKeys.mediaProgress(stream),
            StoreKeys.sortOf(id),
            new MediaProgress(id, doing, percent, Positions.of(now)),
            now.plus(LIFE))
        .onFailure(e -> LOG.debug("How far {} is was not noted: {}", id, e.getMessage()));
  }

  /** It is made, or is not going to be. */
  public synchronized void end() {
    if (noted) {
      notes
          .delete(StoreKeys.mediaProgress(stream), StoreKeys.sortOf(id))
          .onFailure(e -> LOG.debug("{} is still noted as being made: {}", id, e.getMessage()));
    }
  }
}
