package io.sightline.edgecapture.s3;

import io.sightline.edgecapture.aws.AwsAddress;
import io.sightline.edgecapture.folder.MediaFolder;
import java.net.URI;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which objects are meant.
 *
 * @param prefix with which their keys begin; empty for all
 * @param queue URL of the SQS queue that announces them; null when they are looked for
 * @param region null for the one of the environment
 */
record S3Address(String bucket, String prefix, String queue, String region) {

  private static final String QUEUE = "queue";

  /** General purpose buckets and aliases of access points. */
  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

  /** As S3 says, in bytes of UTF-8. */
  static final int MAX_KEY = 1_024;

  /**
   * @throws IllegalArgumentException with a sentence, when it cannot be
   */
  static S3Address parse(String url) {
    AwsAddress address = AwsAddress.parse(url, Set.of(QUEUE));
    if (!BUCKET.matcher(address.name()).matches()) {
      throw new IllegalArgumentException(
          "A bucket is named as in s3://my-bucket/live/, with 3 to 63 lower case letters, digits, '-'"
              + " and '.', not as in '"
              + address.name()
              + "'");
    }
    if (address.path().length() > MAX_KEY) {
      throw new IllegalArgumentException("A prefix in S3 has at most " + MAX_KEY + " bytes");
    }
    String queue = address.options().get(QUEUE);
    if (queue != null && !isQueue(queue)) {
      throw new IllegalArgumentException(
          "The queue of s3://"
              + address.name()
              + " is given by its URL, such as"
              + " queue=https://sqs.eu-west-1.amazonaws.com/123456789012/video");
    }
    return new S3Address(address.name(), address.path(), queue, address.region());
  }

  /** Whether an object is one of those that are meant. */
  boolean holds(String otherBucket, String key) {
    return bucket.equals(otherBucket) && key.startsWith(prefix);
  }

  /** Whether a key looks like video. */
  static boolean isVideo(String key) {
    return MediaFolder.isVideo(key.substring(key.lastIndexOf('/') + 1));
  }

  /** One object, for people. */
  String name(String key) {
    return "s3://" + bucket + "/" + key.replaceAll("\\p{Cntrl}", "?");
  }

  /** For people. */
  String queueName() {
    return queue.substring(queue.lastIndexOf('/') + 1);
  }

  private static boolean isQueue(String url) {
    try {
      URI uri = URI.create(url);
      boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
      return web
          && uri.getHost() != null
          && uri.getUserInfo() == null
          && uri.getPath().matches("/.*[^/]");
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** For people, without the options. */
  @Override
  public String toString() {
    return name(prefix);
  }
}
