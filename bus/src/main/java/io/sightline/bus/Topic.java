package io.sightline.bus;

import java.time.Duration;

/** What travels. Topics keyed by stream id have one partition count, so a stream has one number. */
public enum Topic {
  FRAMES("frames", true, Duration.ofHours(1), 2_000_000_000L),
  CHUNKS("chunks", true, Duration.ofHours(24), -1),
  DETECTIONS("detections", true, Duration.ofHours(24), -1),
  SEGMENTS("segments", true, Duration.ofDays(7), -1),
  SEGMENT_EDITS("segment-edits", true, Duration.ofDays(7), -1),
  CLIPS("clips", true, Duration.ofDays(7), -1),
  RENDITION_REQUESTS("rendition-requests", true, Duration.ofDays(7), -1),
  RENDITIONS("renditions", true, Duration.ofDays(7), -1),
  REEL_PARTS("reel-parts", true, Duration.ofDays(7), -1),
  REPLAY_REQUESTS("replay-requests", false, Duration.ofDays(7), -1),
  REPLAYS("replays", false, Duration.ofDays(7), -1),
  REPLAY_JOB_REQUESTS("replay-job-requests", false, Duration.ofDays(7), -1),
  REPLAY_JOBS("replay-jobs", false, Duration.ofDays(7), -1),
  ALERTS("alerts", true, Duration.ofDays(7), -1);

  private final String id;
  private final boolean keyedByStream;
  private final Duration retention;
  private final long retentionBytes;

  Topic(String id, boolean keyedByStream, Duration retention, long retentionBytes) {
    this.id = id;
    this.keyedByStream = keyedByStream;
    this.retention = retention;
    this.retentionBytes = retentionBytes;
  }

  /** Its name without the installation's prefix. */
  public String id() {
    return id;
  }

  public boolean keyedByStream() {
    return keyedByStream;
  }

  public Duration retention() {
    return retention;
  }

  /** Bytes a partition may hold; -1 for no bound but time. */
  public long retentionBytes() {
    return retentionBytes;
  }

  /** Where records go that cannot succeed. */
  public String failedId() {
    return id + ".failed";
  }
}
