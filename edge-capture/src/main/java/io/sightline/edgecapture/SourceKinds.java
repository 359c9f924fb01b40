package io.sightline.edgecapture;

import java.util.Collection;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** The {@link SourceKind}s at hand, by their schemes. */
final class SourceKinds {

  private static final Map<String, SourceKind> KINDS = load();

  private SourceKinds() {}

  /** Null when there is none of that scheme. */
  static SourceKind of(String scheme) {
    return KINDS.get(scheme);
  }

  static Collection<String> schemes() {
    return KINDS.keySet();
  }

  private static Map<String, SourceKind> load() {
    Map<String, SourceKind> kinds = new TreeMap<>();
    ServiceLoader.load(SourceKind.class, SourceKinds.class.getClassLoader())
        .forEach(kind -> kinds.put(kind.scheme(), kind));
    return Map.copyOf(kinds);
  }
}
