package io.sightline.replay;

import io.sightline.records.Clip;
import io.sightline.records.ReplayItem;
import io.sightline.records.ReplayRequest;
import io.sightline.records.ReplayRules;
import io.sightline.records.Segment;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides which segments a replay shows, and in which order. A function of what it is given: the
 * same segments and clips give the same reel.
 *
 * @param included in order of play, each with a clip that is ready
 * @param excluded the others that were looked at, each with its reason
 * @param waiting how many of the excluded may still come in
 * @param tailMicros how long something plays after the last one
 */
record ReplaySelection(List<Choice> included, List<Choice> excluded, int waiting, long tailMicros) {

  /**
   * A segment and what became of it.
   *
   * @param clip null when there is none to show
   * @param startMicros where it starts to play
   * @param reason why it is in or out, for people
   * @param leadMicros how long something plays before it, after the item before
   * @param parts what is joined with it; null for nothing
   */
  record Choice(
      Segment segment,
      Clip clip,
      long startMicros,
      String reason,
      long leadMicros,
      ReplayItem.Parts parts) {

    Choice(Segment segment, Clip clip, long startMicros, String reason) {
      this(segment, clip, startMicros, reason, 0, null);
    }

    /** The same with more to say, and something joined with it. */
    Choice with(String further, long lead, ReplayItem.Parts joined) {
      return new Choice(segment, clip, startMicros, reason + further, lead, joined);
    }

    /** What is said of it when it is not in. */
    Choice without(String why) {
      return new Choice(segment, null, startMicros, why);
    }
  }

  /** One after which nothing plays. */
  ReplaySelection(List<Choice> included, List<Choice> excluded, int waiting) {
    this(included, excluded, waiting, 0);
  }

  /**
   * What the rules make of what there is.
   *
   * @param audioTrack the only one that is to play; null for all sound
   * @param beside what plays beside the segments
   */
  static ReplaySelection of(
      ReplayRequest.Selection selection,
      ReplayRules rules,
      ReplayMaterial material,
      Integer audioTrack,
      Interludes beside) {
    return new SegmentChooser(selection, rules, beside)
        .choose(material.candidates(selection, rules, audioTrack));
  }

  List<String> clipIds() {
    return included.stream().map(choice -> choice.clip().id()).toList();
  }

  long durationMicros() {
    return included.stream()
            .mapToLong(choice -> choice.leadMicros() + choice.clip().durationMicros())
            .sum()
        + tailMicros;
  }

  /**
   * Its decisions as records.
   *
   * @param audioTrack the only one that plays; null for all sound
   */
  List<ReplayItem> items(String replay, int version, Integer audioTrack) {
    List<ReplayItem> items = new ArrayList<>();
    long offset = 0;
    for (Choice choice : included) {
      Clip clip = choice.clip();
      offset += choice.leadMicros();
      items.add(
          new ReplayItem(
              replay,
              version,
              clip.stream(),
              choice.segment().id(),
              clip.id(),
              choice.segment().label(),
              items.size(),
              choice.startMicros(),
              clip.durationMicros(),
              offset,
              true,
              choice.reason(),
              audioTrack == null ? null : clip.variant(),
              audioTrack,
              choice.parts()));
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
              choice.startMicros(),
              0,
              0,
              false,
              choice.reason()));
    }
    return items;
  }
}
