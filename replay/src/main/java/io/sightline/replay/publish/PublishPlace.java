package io.sightline.replay.publish;

import io.sightline.storage.s3.S3Location;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where replays are published, as people write it.
 *
 * @param to a folder, or {@code s3://bucket/prefix?region=eu-west-1}
 * @param url under which a web server or CDN serves what lies there, with a slash at its end; null
 *     when it is not said
 */
public record PublishPlace(String to, String url) {

  private static final Pattern BUCKET =
      Pattern.compile("(s3:[^?]*)(?:\\?region=([a-z]{2,8}(?:-[a-z]{2,16}){1,3}-\\d{1,2}))?");

  public PublishPlace {
    if (to == null || to.isBlank()) {
      throw new IllegalArgumentException(
          "'to' must be a folder or s3://bucket/prefix, where replays are copied to");
    }
    if (to.startsWith("s3:") ? !isBucket(to) : to.contains("://")) {
      throw new IllegalArgumentException(
          "'to' must be a folder, or a bucket such as s3://videos/replays?region=eu-west-1, not '"
              + to
              + "'");
    }
    if (url != null) {
      url = checked(url);
    }
  }

  private static boolean isBucket(String to) {
    Matcher bucket = BUCKET.matcher(to);
    try {
      return bucket.matches() && S3Location.parse(bucket.group(1)) != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String checked(String url) {
    URI parsed;
    try {
      parsed = URI.create(url);
    } catch (IllegalArgumentException e) {
      parsed = URI.create("");
    }
    boolean web = "http".equals(parsed.getScheme()) || "https".equals(parsed.getScheme());
    if (!web || parsed.getHost() == null || parsed.getQuery() != null) {
      throw new IllegalArgumentException(
          "'url' must be an address such as https://video.example/replays, not '" + url + "'");
    }
    return url.endsWith("/") ? url : url + "/";
  }

  /** The name of something published as people reach it. */
  String address(String name) {
    return url == null ? name : url + name;
  }

  /**
   * @throws RefusedException when nothing can be written there
   */
  PublishTarget open() throws IOException {
    Matcher bucket = BUCKET.matcher(to);
    if (bucket.matches()) {
      S3Location location = S3Location.parse(bucket.group(1));
      return BucketTarget.open(location.bucket(), location.prefix(), bucket.group(2));
    }
    Path folder = Path.of(to);
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new RefusedException("Replays cannot be published to " + to + ": " + e.getMessage(), e);
    }
    if (!Files.isWritable(folder)) {
      throw new RefusedException(
          "Replays cannot be published to " + to + ": no right to write", null);
    }
    return new FolderTarget(folder);
  }
}
