package io.sightline.edgecapture.aws;

import io.sightline.records.InputSpec;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The URL of something in AWS, taken apart: {@code scheme://name/path?option=value}. Whatever has a
 * meaning in URLs is written as {@code %3F} in a path or a value.
 *
 * @param path behind the name's slash; empty when there is none
 * @param options by name
 */
public record AwsAddress(String name, String path, Map<String, String> options) {

  /** Of the option that every URL may have. */
  public static final String REGION = "region";

  private static final Pattern REGIONS =
      Pattern.compile("[a-z]{2,8}(-[a-z]{2,16}){1,3}-[0-9]{1,2}");

  public AwsAddress {
    options = Map.copyOf(options);
  }

  /**
   * @param known options besides the region
   * @throws IllegalArgumentException with a sentence, when it is no such URL
   */
  public static AwsAddress parse(String url, Set<String> known) {
    String safe = InputSpec.safe(url);
    int question = url.indexOf('?');
    String place = url.substring(0, question < 0 ? url.length() : question);
    String rest = place.substring(place.indexOf(':') + 1);
    if (!rest.startsWith("//") || place.indexOf('#') >= 0) {
      throw new IllegalArgumentException("'" + safe + "' is not of the form scheme://name");
    }
    int slash = rest.indexOf('/', 2);
    String name = rest.substring(2, slash < 0 ? rest.length() : slash);
    Map<String, String> options = new TreeMap<>();
    for (String option :
        question < 0 ? new String[0] : url.substring(question + 1).split("&", -1)) {
      int equals = option.indexOf('=');
      String key = option.substring(0, Math.max(0, equals));
      if (!known.contains(key) && !key.equals(REGION)) {
        throw new IllegalArgumentException(
            "'"
                + safe
                + "' has an unknown option; it takes "
                + String.join("", known.stream().sorted().map(each -> each + ", ").toList())
                + "region, such as ?region=eu-west-1");
      }
      if (options.put(key, decoded(safe, option.substring(equals + 1))) != null) {
        throw new IllegalArgumentException("'" + safe + "' has the option '" + key + "' twice");
      }
    }
    String region = options.get(REGION);
    if (region != null && !REGIONS.matcher(region).matches()) {
      throw new IllegalArgumentException(
          "'" + safe + "' names no region of AWS; one is written as in ?region=eu-west-1");
    }
    return new AwsAddress(name, slash < 0 ? "" : decoded(safe, rest.substring(slash + 1)), options);
  }

  /** Null where the environment says it. */
  public String region() {
    return options.get(REGION);
  }

  private static String decoded(String safe, String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'" + safe + "' has a '%' that is not followed by two digits; a '%' is written as %25",
          e);
    }
  }
}
