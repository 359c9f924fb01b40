package io.sightline.storage.s3;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of a bucket, as people write it: {@code s3://bucket/prefix}.
 *
 * @param bucket named as the S3 User Guide says in "General purpose bucket naming rules"
 * @param prefix with a slash at its end; empty for the whole bucket
 */
public record S3Location(String bucket, String prefix) {

  /** Of the 1024 bytes that a key may have (S3 User Guide), most are left to what lies below. */
  private static final int MAX_PREFIX_CHARACTERS = 120;

  /**
   * The prefix is of the "safe characters" of the S3 User Guide, "Object key naming guidelines".
   */
  private static final Pattern URL =
      Pattern.compile(
          "s3://([a-z0-9](?:[a-z0-9-]|\\.(?!\\.)){1,61}[a-z0-9])(?:/([A-Za-z0-9!_.*'()/-]*))?");

  private static final Pattern NO_PARTS = Pattern.compile("(?:^|/)\\.{0,2}(?:/|$)");

  /**
   * @throws IllegalArgumentException with a sentence, when this is none
   */
  public static S3Location parse(String url) {
    Matcher parts = URL.matcher(String.valueOf(url));
    if (parts.matches()) {
      String prefix = parts.group(2) == null ? "" : parts.group(2).replaceFirst("/+$", "");
      if (prefix.isEmpty()) {
        return new S3Location(parts.group(1), "");
      }
      if (prefix.length() < MAX_PREFIX_CHARACTERS && !NO_PARTS.matcher(prefix).find()) {
        return new S3Location(parts.group(1), prefix + "/");
      }
    }
    throw new IllegalArgumentException(
        "a place in S3 is named as in s3://my-video/sightline: a bucket of 3 to 63 lower case"
            + " letters, digits, '-' and '.', and a prefix of up to "
            + MAX_PREFIX_CHARACTERS
            + " letters, digits and ! - _ . * ' ( ), in parts joined by '/'; not '"
            + url
            + "'");
  }

  /** The whole name in the bucket of what has this key below the prefix. */
  public String name(String key) {
    return prefix + key;
  }

  public String url(String key) {
    return "s3://" + bucket + "/" + name(key);
  }

  @Override
  public String toString() {
    return url("");
  }
}
