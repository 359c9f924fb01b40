package io.sightline.alerter;

import io.sightline.records.Alert;
import io.sightline.records.Box;
import io.sightline.records.Ids;
import java.util.List;

/**
 * Something that a rule waits for is there, or was until less than the rule's cooldown ago.
 *
 * @param positionMicros where it was first seen
 * @param lastSeenMicros where it was seen last
 * @param confidence the highest seen
 * @param box of the detection that began it; null when it has none
 * @param pictureKey of the frame that began it; null when it was not kept
 * @param missed whether it was looked for since, and not seen
 * @param told whether its end has been said because its epoch ended; it may still go on in the next
 */
record Visit(
    String stream,
    String run,
    String rule,
    List<String> channels,
    String label,
    double confidence,
    long positionMicros,
    long lastSeenMicros,
    Box box,
    List<String> zones,
    String pictureKey,
    boolean missed,
    boolean told) {

  Visit {
    channels = List.copyOf(channels);
    zones = List.copyOf(zones);
  }

  String alert() {
    return Ids.alert(stream, rule, positionMicros);
  }

  Visit seen(long untilMicros, double confidenceNow) {
    return with(
        Math.max(lastSeenMicros, untilMicros), Math.max(confidence, confidenceNow), false, false);
  }

  Visit asMissed() {
    return missed ? this : with(lastSeenMicros, confidence, true, told);
  }

  Visit asTold() {
    return with(lastSeenMicros, confidence, true, true);
  }

  Alert raised(long raisedMicros) {
    return new Alert(
        alert(),
        rule,
        stream,
        run,
        label,
        confidence,
        Alert.State.RAISED,
        positionMicros,
        lastSeenMicros,
        box,
        zones,
        pictureKey,
        null,
        raisedMicros,
        1);
  }

  /** The alert as it stands after this visit; the same when that is no news. */
  Alert cleared(Alert held) {
    if (held.state() == Alert.State.CLEARED && held.lastSeenMicros() >= lastSeenMicros) {
      return held;
    }
    return new Alert(
        held.id(),
        held.rule(),
        held.stream(),
        held.run(),
        held.label(),
        Math.max(held.confidence(), confidence),
        Alert.State.CLEARED,
        held.positionMicros(),
        Math.max(held.lastSeenMicros(), lastSeenMicros),
        held.box(),
        held.zones(),
        held.pictureKey(),
        held.clip(),
        held.raisedMicros(),
        held.revision() + 1);
  }

  private Visit with(long lastSeen, double highest, boolean nowMissed, boolean nowTold) {
    return new Visit(
        stream,
        run,
        rule,
        channels,
        label,
        highest,
        positionMicros,
        lastSeen,
        box,
        zones,
        pictureKey,
        nowMissed,
        nowTold);
  }
}
