package io.sightline.clipper.mediaconvert;

import io.sightline.storage.s3.S3Location;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * How clips and whole replays are made by MediaConvert. Credentials come from the SDK's default
 * chain.
 *
 * @param region of AWS where jobs run; the bucket should be there too
 * @param endpoint of the account or of a private network; null for the region's
 * @param role ARN of the role that MediaConvert takes on to read and write the bucket
 * @param queue name or ARN; null for the default queue
 * @param objects where the installation's objects are: {@code s3://bucket/prefix}
 * @param quality of the encoder, which decides the price tier
 * @param maxBitrate of the pictures, in bits a second
 * @param hls whether HLS files are written beside the MP4 of a clip, for a CDN; they cost as much
 *     again
 * @param ladder shorter sides of the pictures in the HLS files of a replay, beside its own; those
 *     not below that are passed over
 * @param jobs how many clips are in the making at once, and how many replays
 * @param poll how often a job is asked about
 * @param events URL of the SQS queue that events of its jobs arrive in; null when there is none
 * @param tags of jobs, for cost reports
 * @param metadata that jobs carry, besides the clip's id
 */
public record MediaConvertSettings(
    String region,
    URI endpoint,
    String role,
    String queue,
    String objects,
    Quality quality,
    int maxBitrate,
    boolean hls,
    List<Integer> ladder,
    int jobs,
    Duration poll,
    URI events,
    Map<String, String> tags,
    Map<String, String> metadata,
    PriceTable prices) {

  public static final Quality DEFAULT_QUALITY = Quality.SINGLE_PASS;
  public static final int DEFAULT_MAX_BITRATE = 8_000_000;
  public static final List<Integer> DEFAULT_LADDER = List.of(1080, 720, 480, 360);
  public static final int DEFAULT_JOBS = 10;
  public static final Duration DEFAULT_POLL = Duration.ofSeconds(5);

  /** In case that an event is lost. */
  public static final Duration DEFAULT_POLL_BESIDE_EVENTS = Duration.ofSeconds(60);

  /** The patterns are those of the API reference. */
  private static final Pattern REGION = Pattern.compile("[a-z]{2,8}(-[a-z]{2,16}){1,3}-[0-9]{1,2}");

  private static final Pattern ROLE =
      Pattern.compile("arn:aws[a-z-]*:iam::\\d{12}:role/[\\w+=,.@/-]{1,576}");
  private static final Pattern QUEUE =
      Pattern.compile(
          "arn:aws[a-z-]*:mediaconvert:[a-z0-9-]+:\\d{12}:queues/.{1,300}|[^:/]{1,150}");

  private static final int LOWEST_BITRATE = 100_000;
  private static final int HIGHEST_BITRATE = 300_000_000;
  private static final int LOWEST_LINES = 64;
  private static final int HIGHEST_LINES = 4320;
  private static final int MOST_SIZES = 10;
  private static final int MOST_JOBS = 200;
  private static final int MOST_TAGS = 50;
  private static final int LONGEST_KEY = 128;
  private static final int LONGEST_VALUE = 256;

  public MediaConvertSettings {
    tags = tags == null ? Map.of() : Map.copyOf(tags);
    metadata = metadata == null ? Map.of() : Map.copyOf(metadata);
    prices = prices == null ? PriceTable.defaults() : prices;
    ladder = ladder == null ? DEFAULT_LADDER : List.copyOf(ladder);
    if (region == null || !REGION.matcher(region).matches()) {
      throw new IllegalArgumentException(
          "MediaConvert needs a region such as eu-west-1, found '" + region + "'");
    }
    if (role == null || !ROLE.matcher(role).matches()) {
      throw new IllegalArgumentException(
          "MediaConvert needs the ARN of a role that may read and write the bucket, such as"
              + " arn:aws:iam::123456789012:role/MediaConvert, found '"
              + role
              + "'");
    }
    if (queue != null && !QUEUE.matcher(queue).matches()) {
      throw new IllegalArgumentException(
          "expected the name or the ARN of a MediaConvert queue, found '" + queue + "'");
    }
    if (endpoint != null && (endpoint.getHost() == null || !isWeb(endpoint))) {
      throw new IllegalArgumentException(
          "expected an endpoint such as https://mediaconvert.eu-west-1.amazonaws.com, found '"
              + endpoint
              + "'");
    }
    if (events != null
        && (events.getHost() == null || !isWeb(events) || events.getPath().length() < 2)) {
      throw new IllegalArgumentException(
          "expected the URL of a queue, such as"
              + " https://sqs.eu-west-1.amazonaws.com/123456789012/jobs, found '"
              + events
              + "'");
    }
    requireRange("bits a second", maxBitrate, LOWEST_BITRATE, HIGHEST_BITRATE);
    requireRange("sizes in the ladder", ladder.size(), 0, MOST_SIZES);
    ladder.forEach(
        lines -> requireRange("lines in a size of the ladder", lines, LOWEST_LINES, HIGHEST_LINES));
    requireRange("jobs at once", jobs, 1, MOST_JOBS);
    requireRange("milliseconds between two looks at a job", poll.toMillis(), 100, 300_000);
    requirePairs("tags", tags);
    requirePairs("metadata", metadata);
  }

  /**
   * @throws IllegalArgumentException with a sentence, when objects are not in S3
   */
  S3Location place() {
    try {
      return S3Location.parse(objects);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "MediaConvert reads and writes S3: set storage.objects to s3://bucket/prefix instead of '"
              + objects
              + "', or clips.maker to local",
          e);
    }
  }

  /** How many outputs a job makes. */
  int outputs() {
    return hls ? 2 : 1;
  }

  private static boolean isWeb(URI endpoint) {
    return "https".equals(endpoint.getScheme()) || "http".equals(endpoint.getScheme());
  }

  private static void requireRange(String what, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "expected " + least + " to " + most + " " + what + ", found " + value);
    }
  }

  private static void requirePairs(String what, Map<String, String> pairs) {
    if (pairs.size() > MOST_TAGS) {
      throw new IllegalArgumentException(
          "expected at most " + MOST_TAGS + " " + what + ", found " + pairs.size());
    }
    pairs.forEach(
        (key, value) -> {
          if (key.isEmpty()
              || key.length() > LONGEST_KEY
              || value.length() > LONGEST_VALUE
              || key.startsWith("aws:")) {
            throw new IllegalArgumentException(
                "expected "
                    + what
                    + " with keys of 1 to "
                    + LONGEST_KEY
                    + " characters, not beginning with 'aws:', and values of at most "
                    + LONGEST_VALUE
                    + ", found '"
                    + key
                    + "'");
          }
        });
  }
}
