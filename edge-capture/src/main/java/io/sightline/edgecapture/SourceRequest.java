package io.sightline.edgecapture;

import io.sightline.media.source.SourceOptions;
import java.time.Duration;

/**
 * What is wanted of a source.
 *
 * @param url as it was declared; may hold credentials
 * @param every how often it is asked for a picture, if that is what it gives
 * @param options its limits
 * @param clock by which pictures that carry no time are dated
 */
public record SourceRequest(
    String url, Duration every, SourceOptions options, CaptureClock clock) {}
