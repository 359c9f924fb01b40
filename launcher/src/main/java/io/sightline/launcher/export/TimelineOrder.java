package io.sightline.launcher.export;

import io.sightline.media.timeline.TimelineFormat;
import io.sightline.media.timeline.TimelineOptions;
import java.time.ZoneId;
import java.util.List;

/**
 * Which timelines are to be written.
 *
 * @param formats in which
 * @param asked whether somebody named them: then each must be made; else what cannot be is left out
 * @param segments whether of the run's segments, too, and not of the replay alone
 */
public record TimelineOrder(
    List<TimelineFormat> formats, TimelineOptions options, boolean asked, boolean segments) {

  public TimelineOrder {
    formats = List.copyOf(formats);
  }

  /** Of the replay, every format that can hold it. */
  public static TimelineOrder ofReplay(ZoneId zone) {
    return new TimelineOrder(
        List.of(TimelineFormat.values()), TimelineOptions.defaults(zone), false, false);
  }
}
