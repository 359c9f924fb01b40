package io.sightline.replay;

import io.sightline.records.Clip;
import io.sightline.records.MediaState;
import io.sightline.records.ReplayItem;
import io.sightline.records.ReplayRequest;
import io.sightline.records.Segment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Decides which segments a replay shows, and in which order. A function of what it is given: the
 * same segments and clips give the same reel.
 *
 * @param included in order of play, each with a clip that is ready
 * @param excluded the others that were looked at, each with its reason
 * @param waiting how many of the excluded may still come in
 */
record ReplaySelection(List<Choice> included, List<Choice> excluded, int waiting) {

  /**
   * A segment and what became of it.
   *
   * @param clip null when there is none to show
   * @param reason why it is in or out, for people
   */
  record Choice(Segment segment, Clip clip, String reason) {}

  /**
   * @param segments of the selection's streams, run and window
   * @param clips all clips of those segments, by segment
   */
  static ReplaySelection of(
      ReplayRequest.Selection selection, List<Segment> segments, Map<String, List<Clip>> clips) {
    List<Choice> included = new ArrayList<>();
    List<Choice> excluded = new ArrayList<>();
    int waiting = 0;
    List<Segment> ordered = new ArrayList<>(segments);
    ordered.sort(Comparator.comparingLong(Segment::startMicros).thenComparing(Segment::id));
    for (Segment segment : ordered) {
      if (segment.removed()) {
        continue;
      }
      if (!selection.labels().isEmpty() && !selection.labels().contains(segment.label())) {
        excluded.add(new Choice(segment, null, "its label is not asked for"));
        continue;
      }
      if (segment.open()) {
        excluded.add(new Choice(segment, null, "it has not ended yet"));
        waiting++;
        continue;
      }
      List<Clip> cut = clips.getOrDefault(segment.id(), List.of());
      Clip ready = newest(cut, MediaState.READY);
      Clip failed = newest(cut, MediaState.FAILED);
      boolean current = isOf(segment, ready) || isOf(segment, failed);
      waiting += current ? 0 : 1;
      if (ready != null) {
        included.add(new Choice(segment, ready, "it lies in the window"));
      } else if (failed != null) {
        excluded.add(new Choice(segment, null, "it has no clip: " + failed.error()));
      } else {
        excluded.add(new Choice(segment, null, "its clip is being cut"));
      }
    }
    return new ReplaySelection(List.copyOf(included), List.copyOf(excluded), waiting);
  }

  List<String> clipIds() {
    return included.stream().map(choice -> choice.clip().id()).toList();
  }

  long durationMicros() {
    return included.stream().mapToLong(choice -> choice.clip().durationMicros()).sum();
  }

  /** Its decisions as records. */
  List<ReplayItem> items(String replay, int version) {
    List<ReplayItem> items = new ArrayList<>();
    long offset = 0;
    for (Choice choice : included) {
      Clip clip = choice.clip();
      items.add(
          new ReplayItem(
              replay,
              version,
              clip.stream(),
              clip.segment(),
              clip.id(),
              choice.segment().label(),
              items.size(),
              choice.segment().startMicros(),
              clip.durationMicros(),
              offset,
              true,
              choice.reason()));
      offset += clip.durationMicros();
    }
    for (Choice choice : excluded) {
      items.add(
          new ReplayItem(
              replay,
              version,
              choice.segment().stream(),
              choice.segment().id(),
              null,
              choice.segment().label(),
              -1,
              choice.segment().startMicros(),
              0,
              0,
              false,
              choice.reason()));
    }
    return items;
  }

  private static Clip newest(List<Clip> clips, MediaState state) {
    return clips.stream()
        .filter(clip -> clip.state() == state)
        .max(Comparator.comparingInt(Clip::segmentRevision).thenComparing(Clip::id))
        .orElse(null);
  }

  private static boolean isOf(Segment segment, Clip clip) {
    return clip != null && clip.segmentRevision() >= segment.revision();
  }
}
