package io.sightline.records;

/**
 * Where facts lie in the record store: partitions, and sort keys that order by position. Chunks,
 * frames, segments, clips and alerts are partitioned by stream; a second partition per kind and UTC
 * day serves newest-first lists across streams.
 */
public final class StoreKeys {

  /** Streams made over the API, sorted by name. */
  public static final String STREAMS = "streams";

  /** {@link RecordingLedger}, sorted by stream. */
  public static final String LEDGERS = "ledgers";

  /** Replay headers, sorted by id. */
  public static final String REPLAYS = "replays";

  /** {@link Published}, sorted by replay. */
  public static final String PUBLISHED = "published";

  /** {@link ReplayJob}s, sorted by replay. */
  public static final String REPLAY_JOBS = "replay-jobs";

  /** {@link Rendition}s of what replays show beside clips, sorted by their ids. */
  public static final String INSERT_RENDITIONS = "insert-renditions";

  /** {@link HeldPart}s, sorted by id. */
  public static final String HELD_PARTS = "held-parts";

  /** {@link PartUse}s, sorted by part, then replay. */
  public static final String PART_USES = "part-uses";

  /**
   * {@link MediaProgress} of replays, sorted by {@code {replay}.{rendition}}; that of its own
   * encoding is {@link RenditionSpec#SOURCE}.
   */
  public static final String REPLAY_PROGRESS = "replay-progress";

  /** {@link CaptureReport}, the last of each stream, sorted by its name. */
  public static final String CAPTURE = "capture";

  private StoreKeys() {}

  public static String epochs(String stream) {
    return "epochs/" + stream;
  }

  public static String chunks(String stream) {
    return "chunks/" + stream;
  }

  /** Complete {@link RecordedBlock}s, sorted by their arrival. */
  public static String recordings(String stream) {
    return "recordings/" + stream;
  }

  /** What has outlived retention of each expired {@link RecordedBlock}, sorted by epoch. */
  public static String pinnedRecordings(String stream) {
    return "pinned-recordings/" + stream;
  }

  /** {@link Pin}s, sorted by position, then clip. */
  public static String pins(String stream) {
    return "pins/" + stream;
  }

  /** {@link FrameDetections} of frames; what is published is stored. */
  public static String frames(String stream) {
    return "frames/" + stream;
  }

  /** {@link AudioDetections} of chunks. */
  public static String sounds(String stream) {
    return "sounds/" + stream;
  }

  public static String segments(String stream) {
    return "segments/" + stream;
  }

  public static String segmentsOfDay(String day) {
    return "segments-by-day/" + day;
  }

  /** Which edits were applied, so that repeats change nothing, sorted by digest of their id. */
  public static String segmentEdits(String stream) {
    return "segment-edits/" + stream;
  }

  /** {@link Feedback}, sorted by segment, then reviewer. */
  public static String feedback(String stream) {
    return "feedback/" + stream;
  }

  /**
   * Of {@link Feedback}; what lies between {@code sortOf(segment) + "."} and "/" is a segment's.
   */
  public static String feedbackSort(String segment, String by) {
    return sortOf(segment) + "." + Ids.digest(by);
  }

  /** {@link Kept} segments, sorted as those are. */
  public static String kept(String stream) {
    return "kept/" + stream;
  }

  public static String clips(String stream) {
    return "clips/" + stream;
  }

  /** {@link ClipUse}s, sorted by clip, then replay. */
  public static String clipUses(String stream) {
    return "clip-uses/" + stream;
  }

  /** {@link Rendition}s of clips and of what they are in reels, sorted as clips are. */
  public static String renditions(String stream) {
    return "renditions/" + stream;
  }

  /** {@link MediaProgress} of clips and renditions, sorted as those are. */
  public static String mediaProgress(String stream) {
    return "media-progress/" + stream;
  }

  public static String alerts(String stream) {
    return "alerts/" + stream;
  }

  public static String alertsOfDay(String day) {
    return "alerts-by-day/" + day;
  }

  public static String replayItems(String replay) {
    return "replay-items/" + replay;
  }

  public static String replayRequests(String replay) {
    return "replay-requests/" + replay;
  }

  /** {@link StageProgress}, sorted by {@code {run}.{stage}}. */
  public static String progress(String stream) {
    return "progress/" + stream;
  }

  /** What was told to whom, sorted by {@code {alert}.{state}.{channel}}. */
  public static String sent(String stream) {
    return "sent/" + stream;
  }

  /** What is still to be told, by the number of the {@code detections} partition it came from. */
  public static String sentPending(int partition) {
    return "sent-pending/" + partition;
  }

  public static String checkpoints(String group) {
    return "checkpoints/" + group;
  }

  /** Of frames, sounds and chunks: position, then run. */
  public static String sort(long positionMicros, String run) {
    return Ids.fixedWidth(positionMicros) + "." + run;
  }

  /**
   * Of segments, clips and alerts: the position that their id names, then the id.
   *
   * @param id such as {@code lobby.live.presence.1763700000000000}, or a clip's, which goes on
   */
  public static String sortOf(String id) {
    return positionIn(id) + "." + id;
  }

  /** The stream that a segment's, clip's or alert's id begins with; empty when it names none. */
  public static String streamOf(String id) {
    return Ids.requireId("id", id).substring(0, Math.max(0, id.indexOf('.')));
  }

  private static String positionIn(String id) {
    Ids.requireId("id", id);
    // From the end: streams, runs and rules may be named by numbers too, and stand before it.
    for (int end = id.length(); end > 0; ) {
      int dot = id.lastIndexOf('.', end - 1);
      if (dot > 0 && end - dot - 1 == Ids.POSITION_DIGITS && isNumber(id, dot + 1, end)) {
        return id.substring(dot + 1, end);
      }
      end = dot;
    }
    throw new IllegalArgumentException("The id '" + id + "' names no position");
  }

  private static boolean isNumber(String id, int from, int end) {
    for (int at = from; at < end; at++) {
      if (id.charAt(at) < '0' || id.charAt(at) > '9') {
        return false;
      }
    }
    return true;
  }
}
