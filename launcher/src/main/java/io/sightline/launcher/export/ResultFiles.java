package io.sightline.launcher.export;

import io.sightline.media.timeline.TimelineBundle;
import java.io.IOException;
import java.io.OutputStream;

/** Takes result files, one after the other. */
interface ResultFiles {

  /**
   * Begins a file; to be closed before the next one begins.
   *
   * @param path with {@code /} between its parts
   */
  OutputStream create(String path) throws IOException;

  /** The URL by which a timeline in {@link TimelineBundle#TIMELINES} names a file. */
  String url(String path);
}
