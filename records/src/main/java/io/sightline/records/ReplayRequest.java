package io.sightline.records;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * What is asked of a replay.
 *
 * @param replay its id
 * @param title for people
 * @param selection which segments; null with {@code CANCEL} and {@code DELETE}
 * @param mp4 whether an MP4 is made besides the HLS playlist
 * @param by who asks
 * @param atMicros when, by the wall clock
 * @param revision rises with every request for the same replay
 * @param rules how it chooses among those segments; null for all of them, in order of position
 * @param publish whether it is copied to where the installation publishes
 * @param audioTrack the only sound track that is to play, 1 to 64; segments then play as they were
 *     optimized for it, where they were. Null for all sound, and the segments' own marks
 * @param transitions how its items follow one another; null when one begins as the other ends
 */
public record ReplayRequest(
    String replay,
    Kind kind,
    String title,
    Selection selection,
    boolean mp4,
    String by,
    long atMicros,
    int revision,
    ReplayRules rules,
    boolean publish,
    Integer audioTrack,
    Transitions transitions) {

  private static final int MAX_AUDIO_TRACKS = 64;

  /** What is asked: cancel ends work on it, delete ends it. */
  public enum Kind {
    @JsonProperty("create")
    CREATE,
    @JsonProperty("change")
    CHANGE,
    @JsonProperty("cancel")
    CANCEL,
    @JsonProperty("delete")
    DELETE;

    /** Whether a replay is to be made, so that it is said of what. */
    public boolean makes() {
      return this == CREATE || this == CHANGE;
    }
  }

  /**
   * Which segments a replay may show.
   *
   * @param streams at least one
   * @param run which run of them; null for {@code live}
   * @param fromMicros start of the time window; null for the beginning
   * @param toMicros end of the time window; null for no end: the replay then grows
   * @param labels only these; empty for all
   */
  public record Selection(
      List<String> streams, String run, Long fromMicros, Long toMicros, List<String> labels) {

    public Selection {
      streams = streams == null ? List.of() : List.copyOf(streams);
      labels = labels == null ? List.of() : List.copyOf(labels);
      run = run == null ? "live" : Ids.requireName("run", run);
      if (streams.isEmpty() || streams.size() > 100) {
        throw new IllegalArgumentException(
            "A replay takes 1 to 100 streams, not " + streams.size());
      }
      streams.forEach(stream -> Ids.requireName("stream", stream));
      if (fromMicros != null && toMicros != null && toMicros <= fromMicros) {
        throw new IllegalArgumentException("A replay's window must end after it begins");
      }
    }
  }

  /** One without transitions. */
  public ReplayRequest(
      String replay,
      Kind kind,
      String title,
      Selection selection,
      boolean mp4,
      String by,
      long atMicros,
      int revision,
      ReplayRules rules,
      boolean publish,
      Integer audioTrack) {
    this(
        replay,
        kind,
        title,
        selection,
        mp4,
        by,
        atMicros,
        revision,
        rules,
        publish,
        audioTrack,
        null);
  }

  /** One with all sound. */
  public ReplayRequest(
      String replay,
      Kind kind,
      String title,
      Selection selection,
      boolean mp4,
      String by,
      long atMicros,
      int revision,
      ReplayRules rules,
      boolean publish) {
    this(replay, kind, title, selection, mp4, by, atMicros, revision, rules, publish, null);
  }

  /** One that is not published. */
  public ReplayRequest(
      String replay,
      Kind kind,
      String title,
      Selection selection,
      boolean mp4,
      String by,
      long atMicros,
      int revision,
      ReplayRules rules) {
    this(replay, kind, title, selection, mp4, by, atMicros, revision, rules, false);
  }

  /** One for all segments of a selection. */
  public ReplayRequest(
      String replay,
      Kind kind,
      String title,
      Selection selection,
      boolean mp4,
      String by,
      long atMicros,
      int revision) {
    this(replay, kind, title, selection, mp4, by, atMicros, revision, null);
  }

  public ReplayRequest {
    Ids.requireName("replay", replay);
    if (kind == null || (kind.makes() && selection == null)) {
      throw new IllegalArgumentException(
          "A replay request says what is asked, and of which segments");
    }
    if (audioTrack != null && (audioTrack < 1 || audioTrack > MAX_AUDIO_TRACKS)) {
      throw new IllegalArgumentException(
          "'audioTrack' is the number of a sound track, 1 to "
              + MAX_AUDIO_TRACKS
              + ", not "
              + audioTrack);
    }
    transitions = transitions == null || transitions.none() ? null : transitions;
    if (rules != null && selection != null) {
      requireStreams(selection, rules);
    }
  }

  /** Its rules, or those that hold when none are given. */
  public ReplayRules rulesOrAll() {
    return rules == null ? ReplayRules.ALL : rules;
  }

  /** How its items follow one another. */
  public Transitions transitionsOrNone() {
    return transitions == null ? Transitions.NONE : transitions;
  }

  /** The same with another revision. */
  public ReplayRequest revised(int next) {
    return new ReplayRequest(
        replay,
        kind,
        title,
        selection,
        mp4,
        by,
        atMicros,
        next,
        rules,
        publish,
        audioTrack,
        transitions);
  }

  private static void requireStreams(Selection selection, ReplayRules rules) {
    for (ReplayRules.Stretch stretch : rules.stretches()) {
      if (!selection.streams().contains(stretch.stream())) {
        throw new IllegalArgumentException(
            "The stretch of '"
                + stretch.stream()
                + "' is of none of the replay's streams "
                + selection.streams()
                + "; name that stream too");
      }
    }
  }
}
