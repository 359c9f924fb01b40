package io.sightline.launcher.config;

import io.sightline.ingestgateway.medialive.MediaLiveSettings;
import java.time.Duration;
import java.util.List;

/**
 * Channels of MediaLive that become streams; its name is the key.
 *
 * @param region of the channels
 * @param include which ones, such as {@code name:News *}; empty for all
 * @param exclude which ones not
 * @param every how often a thumbnail is asked for
 * @param profile of the streams
 * @param agent that captures them
 * @param record whether the thumbnails are recorded as video, too
 * @param queue URL of the SQS queue of state changes; null for none
 * @param look from one look at all channels to the next
 */
public record MediaLiveSection(
    String region,
    List<String> include,
    List<String> exclude,
    String every,
    String profile,
    String agent,
    Boolean record,
    String queue,
    Duration look) {

  public MediaLiveSettings named(String name) {
    return new MediaLiveSettings(
        name,
        region,
        include,
        exclude,
        every,
        profile,
        agent,
        record != null && record,
        queue,
        look);
  }
}
