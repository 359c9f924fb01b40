package io.sightline.edgecapture;

import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The {@link SinkKind}s at hand, by their schemes. */
public final class SinkKinds {

  private static final Map<String, SinkKind> KINDS = load();

  private SinkKinds() {}

  /**
   * The service that a URL names; connects to nothing yet.
   *
   * @throws IllegalArgumentException with a sentence, when there is none
   */
  public static BatchService service(String url) {
    int colon = url.indexOf(':');
    SinkKind kind = colon < 0 ? null : KINDS.get(url.substring(0, colon).toLowerCase(Locale.ROOT));
    if (kind == null) {
      throw new IllegalArgumentException("there is no sink '" + Sentences.clean(url) + "'");
    }
    return kind.service(url);
  }

  /** URLs as they look, for people; empty when there are none. */
  public static String examples() {
    return KINDS.values().stream().map(SinkKind::example).collect(Collectors.joining(", "));
  }

  private static Map<String, SinkKind> load() {
    Map<String, SinkKind> kinds = new TreeMap<>();
    ServiceLoader.load(SinkKind.class, SinkKinds.class.getClassLoader())
        .forEach(kind -> kinds.put(kind.scheme(), kind));
    return kinds;
  }
}
