package io.sightline.records;

import java.util.Set;

/**
 * One source of a stream.
 *
 * @param url {@code rtsp://}, {@code rtmp://}, {@code http://}, {@code file:} and so on; may hold
 *     credentials, so it is never printed: see {@link #safeUrl()}
 * @param use what it is taken for; both when it is the only input
 * @param key stream key of an RTMP target; null elsewhere; never printed
 */
public record InputSpec(String url, Set<InputUse> use, String key) {

  public InputSpec {
    if (url == null || url.isBlank()) {
      throw new IllegalArgumentException("An input needs a url");
    }
    use =
        use == null || use.isEmpty() ? Set.of(InputUse.RECORD, InputUse.ANALYZE) : Set.copyOf(use);
  }

  public static InputSpec of(String url) {
    return new InputSpec(url, null, null);
  }

  /** The URL without user, password and query. */
  public String safeUrl() {
    String safe = url.replaceFirst("^([a-zA-Z][a-zA-Z0-9+.-]*://)[^/]*@", "$1");
    int query = safe.indexOf('?');
    return query < 0 ? safe : safe.substring(0, query);
  }

  @Override
  public String toString() {
    return safeUrl() + use;
  }
}
