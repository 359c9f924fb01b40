package io.sightline.clipper.mediaconvert;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the objects of this installation lie in S3.
 *
 * @param prefix ends with a slash, or is empty
 */
record S3Place(String bucket, String prefix) {

  /** As the S3 User Guide says in "General purpose bucket naming rules". */
  private static final Pattern URL =
      Pattern.compile("s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/([A-Za-z0-9._/-]*))?");

  /**
   * @throws IllegalArgumentException with a sentence, when objects are not in S3
   */
  static S3Place parse(String objects) {
    Matcher url = URL.matcher(String.valueOf(objects));
    if (!url.matches()) {
      throw new IllegalArgumentException(
          "MediaConvert reads and writes S3: set storage.objects to s3://bucket/prefix instead of '"
              + objects
              + "', or clips.maker to local");
    }
    String prefix = url.group(2) == null ? "" : url.group(2).replaceAll("/+$", "");
    return new S3Place(url.group(1), prefix.isEmpty() ? "" : prefix + "/");
  }

  String url(String key) {
    return "s3://" + bucket + "/" + prefix + key;
  }
}
