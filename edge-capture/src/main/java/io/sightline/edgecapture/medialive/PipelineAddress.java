package io.sightline.edgecapture.medialive;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which pipeline of which channel.
 *
 * @param region null for the one of the environment
 */
record PipelineAddress(String channel, String pipeline, String region) {

  private static final Pattern URL =
      Pattern.compile(
          "(?i:medialive)://([A-Za-z0-9-]{1,64})/([01])(?:\\?region=([a-z0-9]+(?:-[a-z0-9]+){2,4}))?");

  /**
   * @throws IllegalArgumentException with a sentence, when it is no such URL
   */
  static PipelineAddress parse(String url) {
    Matcher parts = URL.matcher(url);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "A pipeline of MediaLive is written medialive://CHANNEL/0 or medialive://CHANNEL/1, with"
              + " the channel's id and, where it is not the environment's, a region:"
              + " medialive://1234567/0?region=eu-west-1");
    }
    return new PipelineAddress(parts.group(1), parts.group(2), parts.group(3));
  }

  /** For people, in the middle of a sentence. */
  @Override
  public String toString() {
    return "pipeline "
        + pipeline
        + " of the MediaLive channel "
        + channel
        + (region == null ? "" : " in " + region);
  }
}
