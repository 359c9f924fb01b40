package io.sightline.ingestgateway.medialive;

import io.sightline.records.Ids;
import io.sightline.records.InputSpec;
import io.sightline.records.InputUse;
import io.sightline.records.StreamSpec;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Which channels of one region become streams, and how.
 *
 * @param name of the section, as people know it
 * @param include rules as {@link ChannelRule} reads them; all channels when there are none
 * @param exclude goes before {@code include}
 * @param every how often a thumbnail is asked for, such as {@code 5s}; null for the default
 * @param profile of the streams
 * @param agent that captures them
 * @param record whether the thumbnails are recorded as video, too
 * @param queue URL of the SQS queue that state changes arrive in; null when there is none
 * @param look from one look at all channels to the next
 */
public record MediaLiveSettings(
    String name,
    String region,
    List<String> include,
    List<String> exclude,
    String every,
    String profile,
    String agent,
    boolean record,
    String queue,
    Duration look) {

  public static final Duration DEFAULT_LOOK = Duration.ofMinutes(1);

  private static final Pattern REGION = Pattern.compile("[a-z0-9]+(-[a-z0-9]+){2,4}");
  private static final Pattern QUEUE = Pattern.compile("https?://[^\\s/]+/\\S+");
  private static final Duration MIN_LOOK = Duration.ofSeconds(10);
  private static final Duration MAX_LOOK = Duration.ofHours(1);
  private static final int MAX_RULES = 200;

  public MediaLiveSettings {
    Ids.requireName("medialive", name);
    include = include == null ? List.of() : List.copyOf(include);
    exclude = exclude == null ? List.of() : List.copyOf(exclude);
    profile = profile == null ? "default" : profile;
    agent = agent == null ? "local" : agent;
    look = look == null ? DEFAULT_LOOK : look;
    if (region == null || !REGION.matcher(region).matches()) {
      throw new IllegalArgumentException(
          "expected a region such as eu-west-1, found "
              + (region == null ? "none" : "'" + region + "'"));
    }
    if (include.size() + exclude.size() > MAX_RULES) {
      throw new IllegalArgumentException(
          "expected up to " + MAX_RULES + " rules, found " + (include.size() + exclude.size()));
    }
    include.forEach(ChannelRule::parse);
    exclude.forEach(ChannelRule::parse);
    if (queue != null && !QUEUE.matcher(queue).matches()) {
      throw new IllegalArgumentException(
          "expected the URL of a queue, such as"
              + " https://sqs.eu-west-1.amazonaws.com/123456789012/channels, found '"
              + queue
              + "'");
    }
    if (look.compareTo(MIN_LOOK) < 0 || look.compareTo(MAX_LOOK) > 0) {
      throw new IllegalArgumentException("expected a look every 10s to 1h, found " + look);
    }
    // What else is wrong with them is said for the first stream.
    stream(region, "0", "0", every, profile, agent, record);
  }

  /** All channels of a region, as they are by themselves. */
  public static MediaLiveSettings of(String name, String region) {
    return new MediaLiveSettings(name, region, null, null, null, null, null, false, null, null);
  }

  /** How all streams of a channel begin. */
  String prefix(String channel) {
    return prefix(region, channel);
  }

  StreamSpec stream(String channel, String pipeline) {
    return stream(region, channel, pipeline, every, profile, agent, record);
  }

  /** For comparing, so often. */
  Rules rules() {
    return new Rules(
        include.stream().map(ChannelRule::parse).toList(),
        exclude.stream().map(ChannelRule::parse).toList());
  }

  /** Understood. */
  record Rules(List<ChannelRule> include, List<ChannelRule> exclude) {

    boolean allow(String id, String name, Map<String, String> tags) {
      return (include.isEmpty() || include.stream().anyMatch(rule -> rule.matches(id, name, tags)))
          && exclude.stream().noneMatch(rule -> rule.matches(id, name, tags));
    }
  }

  private static String prefix(String region, String channel) {
    return "medialive-" + region + "-" + channel + "-";
  }

  private static StreamSpec stream(
      String region,
      String channel,
      String pipeline,
      String every,
      String profile,
      String agent,
      boolean record) {
    String url = "medialive://" + channel + "/" + pipeline + "?region=" + region;
    InputSpec input = new InputSpec(url, EnumSet.allOf(InputUse.class), null, every);
    return new StreamSpec(
        prefix(region, channel) + pipeline, List.of(input), profile, agent, record, null);
  }
}
