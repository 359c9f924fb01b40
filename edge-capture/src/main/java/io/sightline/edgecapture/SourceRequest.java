package io.sightline.edgecapture;

import io.sightline.edgecapture.folder.MediaCheck;
import io.sightline.media.source.SourceOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * What is wanted of a source.
 *
 * @param stream whose input it is; null when it is only looked at
 * @param url as it was declared; may hold credentials
 * @param every how often it is asked for a picture, if that is what it gives
 * @param options its limits
 * @param clock by which pictures that carry no time are dated
 * @param home folder in which the agent keeps what must outlive it; null when there is none
 * @param check whether what it opened is of use
 * @param skipped told, with a sentence, of each part of it that is passed over
 */
public record SourceRequest(
    String stream,
    String url,
    Duration every,
    SourceOptions options,
    CaptureClock clock,
    Path home,
    MediaCheck check,
    Consumer<String> skipped) {

  /** For one look. */
  public SourceRequest(String url, Duration every, SourceOptions options, CaptureClock clock) {
    this(null, url, every, options, clock, null, source -> {}, sentence -> {});
  }
}
