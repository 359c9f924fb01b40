package io.sightline.replay.publish;

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

  /** S3 User Guide, "General purpose bucket naming rules". */
  private static final Pattern BUCKET =
      Pattern.compile(
          "s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/([A-Za-z0-9!_.*'()/-]*))?(?:\\?region=([a-z]{2,8}(?:-[a-z]{2,16}){1,3}-\\d{1,2}))?");

  public PublishPlace {
    if (to == null || to.isBlank()) {
      throw new IllegalArgumentException(
          "'to' must be a folder or s3://bucket/prefix, where replays are copied to");
    }
    if (to.startsWith("s3:") ? !BUCKET.matcher(to).matches() : to.contains("://")) {
      throw new IllegalArgumentException(
          "'to' must be a folder, or a bucket such as s3://videos/replays?region=eu-west-1, not '"
              + to
              + "'");
    }
    if (url != null) {
      url = checked(url);
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
      String prefix = bucket.group(2) == null ? "" : bucket.group(2);
      return BucketTarget.open(
          bucket.group(1),
          prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/",
          bucket.group(3));
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
