package io.sightline.alerter;

import io.sightline.records.Alert;
import io.sightline.records.Clip;
import io.sightline.records.MediaState;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which clip shows an alert. */
final class ClipChoice {

  private static final Pattern REVISION = Pattern.compile("\\.r(\\d{1,9})\\.[^.]+$");

  private ClipChoice() {}

  /** Whether the clip is ready, has all sound, and shows where the alert was raised. */
  static boolean shows(Clip clip, Alert alert) {
    return clip.state() == MediaState.READY
        && clip.original()
        && clip.stream().equals(alert.stream())
        && clip.run().equals(alert.run())
        && Math.min(clip.startMicros(), clip.markInMicros()) <= alert.positionMicros()
        && alert.positionMicros() < Math.max(clip.endMicros(), clip.markOutMicros());
  }

  /**
   * The alert with the clip. The first clip stays, except that one of a later revision of the same
   * segment takes its place; the same alert when nothing changes.
   */
  static Alert with(Alert alert, Clip clip) {
    if (alert.clip() != null
        && !(alert.clip().startsWith(clip.segment() + ".")
            && revision(clip.id()) > revision(alert.clip()))) {
      return alert;
    }
    return new Alert(
        alert.id(),
        alert.rule(),
        alert.stream(),
        alert.run(),
        alert.label(),
        alert.confidence(),
        alert.state(),
        alert.positionMicros(),
        alert.lastSeenMicros(),
        alert.box(),
        alert.zones(),
        alert.pictureKey(),
        clip.id(),
        alert.raisedMicros(),
        alert.revision() + 1);
  }

  private static int revision(String clip) {
    Matcher matcher = REVISION.matcher(clip);
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
  }
}
