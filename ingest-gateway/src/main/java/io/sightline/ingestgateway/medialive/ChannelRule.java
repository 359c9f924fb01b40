package io.sightline.ingestgateway.medialive;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Which channels are meant: {@code id:1234567}, {@code name:News *}, {@code tag:monitor=yes} or
 * {@code tag:monitor}. In names and values of tags {@code *} stands for anything and {@code ?} for
 * one character; case counts.
 */
final class ChannelRule {

  private static final int MAX_LENGTH = 300;

  private enum Kind {
    ID,
    NAME,
    TAG
  }

  private final Kind kind;
  private final String key;
  private final Pattern value;

  private ChannelRule(Kind kind, String key, Pattern value) {
    this.kind = kind;
    this.key = key;
    this.value = value;
  }

  /**
   * @throws IllegalArgumentException with a sentence, when it is no such rule
   */
  static ChannelRule parse(String text) {
    int colon = text.indexOf(':');
    String kind = colon < 0 ? "" : text.substring(0, colon).strip().toLowerCase(Locale.ROOT);
    String rest = text.substring(colon + 1).strip();
    if (rest.isEmpty() || rest.length() > MAX_LENGTH) {
      throw unknown(text);
    }
    switch (kind) {
      case "id":
        return new ChannelRule(Kind.ID, null, Pattern.compile(Pattern.quote(rest)));
      case "name":
        return new ChannelRule(Kind.NAME, null, glob(rest));
      case "tag":
        int equals = rest.indexOf('=');
        return equals < 0
            ? new ChannelRule(Kind.TAG, rest, glob("*"))
            : new ChannelRule(
                Kind.TAG,
                rest.substring(0, equals).strip(),
                glob(rest.substring(equals + 1).strip()));
      default:
        throw unknown(text);
    }
  }

  boolean matches(String id, String name, Map<String, String> tags) {
    String found =
        switch (kind) {
          case ID -> id;
          case NAME -> name;
          case TAG -> tags.get(key);
        };
    return found != null && value.matcher(found).matches();
  }

  private static IllegalArgumentException unknown(String text) {
    return new IllegalArgumentException(
        "expected channels as id:1234567, name:News *, tag:key=value or tag:key, found '"
            + text
            + "'");
  }

  private static Pattern glob(String glob) {
    StringBuilder pattern = new StringBuilder();
    for (String part : glob.replaceAll("\\*+", "*").split("(?<=[*?])|(?=[*?])")) {
      pattern.append(part.equals("*") ? ".*" : part.equals("?") ? "." : Pattern.quote(part));
    }
    return Pattern.compile(pattern.toString(), Pattern.DOTALL);
  }
}
