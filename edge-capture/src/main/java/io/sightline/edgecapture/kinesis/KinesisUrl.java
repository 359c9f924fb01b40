package io.sightline.edgecapture.kinesis;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A data stream as it is declared: {@code kinesis://name?region=eu-central-1&maxRecordKiB=1024}.
 *
 * @param name of the data stream
 * @param region null for the one of the environment
 * @param maxRecordKiB how large a record of this data stream may be, as it is configured there
 */
record KinesisUrl(String name, String region, int maxRecordKiB) {

  /** What a data stream takes unless it was changed; MaxRecordSizeInKiB of its description. */
  static final int DEFAULT_RECORD_KIB = 1_024;

  private static final int MOST_RECORD_KIB = 10_240;

  /** StreamName of the API reference, without what would need escaping in a URL. */
  private static final Pattern FORM =
      Pattern.compile("(?i:kinesis)://([a-zA-Z0-9_.-]{1,128})/?(?:\\?(.*))?");

  private static final Pattern REGION = Pattern.compile("[a-z]{2,8}(-[a-z0-9]{1,12}){1,4}");

  /**
   * @throws IllegalArgumentException with a sentence, when it cannot be one
   */
  static KinesisUrl parse(String url) {
    Matcher form = FORM.matcher(url);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "expected the name of a data stream, such as " + KinesisKind.EXAMPLE);
    }
    Map<String, String> options = options(form.group(2));
    String region = options.remove("region");
    String size = options.remove("maxRecordKiB");
    if (!options.isEmpty()) {
      throw new IllegalArgumentException(
          "there is no option '"
              + new TreeSet<>(options.keySet()).first()
              + "' of a data stream; there are region and maxRecordKiB");
    }
    if (region != null && !REGION.matcher(region).matches()) {
      throw new IllegalArgumentException(
          "expected a region such as eu-central-1, found '" + region + "'");
    }
    return new KinesisUrl(form.group(1), region, size == null ? DEFAULT_RECORD_KIB : kib(size));
  }

  private static int kib(String text) {
    int kib = text.matches("\\d{1,6}") ? Integer.parseInt(text) : 0;
    if (kib < DEFAULT_RECORD_KIB || kib > MOST_RECORD_KIB) {
      throw new IllegalArgumentException(
          "expected "
              + DEFAULT_RECORD_KIB
              + " to "
              + MOST_RECORD_KIB
              + " for maxRecordKiB, as the data stream is configured, found '"
              + text
              + "'");
    }
    return kib;
  }

  private static Map<String, String> options(String query) {
    Map<String, String> options = new HashMap<>();
    for (String option : query == null ? new String[0] : query.split("&")) {
      int equals = option.indexOf('=');
      String key = equals < 0 ? option : option.substring(0, equals);
      if (options.put(key, equals < 0 ? "" : option.substring(equals + 1)) != null) {
        throw new IllegalArgumentException("the option '" + key + "' stands there twice");
      }
    }
    return options;
  }
}
