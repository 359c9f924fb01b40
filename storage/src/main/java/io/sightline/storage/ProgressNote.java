package io.sightline.storage;

import io.sightline.records.MediaProgress;
import io.sightline.records.Positions;
import io.sightline.records.Progress;
import io.sightline.records.RenditionSpec;
import io.sightline.records.StoreKeys;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells those who wait for a clip, a rendition or a replay how far it has come: noted when it takes
 * more than two seconds, then at most once a second, and forgotten when it is made. Whoever makes
 * it never waits for that, and does not fail with it. Thread-safe.
 */
public final class ProgressNote implements Progress {

  private static final Logger LOG = LoggerFactory.getLogger(ProgressNote.class);

  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration BETWEEN = Duration.ofSeconds(1);

  /** What a killed process has noted goes by itself. */
  private static final Duration LIFE = Duration.ofSeconds(30);

  private final Records<MediaProgress> notes;
  private final String partition;
  private final String sort;
  private final String id;
  private final InstantSource clock;

  // Guarded by this.
  private Instant due;
  private boolean noted;

  private ProgressNote(
      RecordStore store, String partition, String sort, String id, InstantSource clock) {
    this.notes = Records.of(store, MediaProgress.class);
    this.partition = partition;
    this.sort = sort;
    this.id = id;
    this.clock = clock;
    this.due = clock.instant().plus(PATIENCE);
  }

  /**
   * Of a clip or one of its renditions, which begins to be made now.
   *
   * @param id of it
   */
  public static ProgressNote ofClip(
      RecordStore store, String stream, String id, InstantSource clock) {
    return new ProgressNote(
        store, StoreKeys.mediaProgress(stream), StoreKeys.sortOf(id), id, clock);
  }

  /**
   * Of the MP4 of a replay, which begins to be made now.
   *
   * @param rendition in which; {@link RenditionSpec#SOURCE} for its own
   */
  public static ProgressNote ofReplay(
      RecordStore store, String replay, String rendition, InstantSource clock) {
    String sort = replay + "." + rendition;
    String id = rendition.equals(RenditionSpec.SOURCE) ? replay : sort;
    return new ProgressNote(store, StoreKeys.REPLAY_PROGRESS, sort, id, clock);
  }

  /** Of the publishing of a replay, which begins now. */
  public static ProgressNote ofPublishing(RecordStore store, String replay, InstantSource clock) {
    // No rendition can be named so.
    String sort = replay + ".publishing.";
    return new ProgressNote(store, StoreKeys.REPLAY_PROGRESS, sort, replay, clock);
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
            partition,
            sort,
            new MediaProgress(id, doing, percent, Positions.of(now)),
            now.plus(LIFE))
        .onFailure(e -> LOG.debug("How far {} is was not noted: {}", id, e.getMessage()));
  }

  /** It is made, or is not going to be. */
  public synchronized void end() {
    if (noted) {
      notes
          .delete(partition, sort)
          .onFailure(e -> LOG.debug("{} is still noted as being made: {}", id, e.getMessage()));
    }
  }
}
