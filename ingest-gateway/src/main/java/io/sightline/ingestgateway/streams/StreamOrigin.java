package io.sightline.ingestgateway.streams;

/**
 * Where a stream comes from, and so where it is changed.
 *
 * @param where the configuration file, or the section of it that found the stream; null of the API
 * @param what of a stream that was found: what it is, for people; null of others
 */
record StreamOrigin(Kind kind, String where, String what) {

  enum Kind {
    FILE,
    API,
    FOUND
  }

  static final StreamOrigin API = new StreamOrigin(Kind.API, null, null);

  static StreamOrigin file(String where) {
    return new StreamOrigin(Kind.FILE, where, null);
  }

  static StreamOrigin found(String by, String what) {
    return new StreamOrigin(Kind.FOUND, by, what);
  }

  /** Whether it may be changed over the API. */
  boolean isOpen() {
    return kind == Kind.API;
  }

  /** As clients see it. */
  String shown() {
    return where == null ? "api" : where;
  }

  /** Why a stream cannot be changed over the API. */
  String refusal(String stream) {
    return kind == Kind.FILE
        ? "The stream '" + stream + "' is declared in " + where + "; change it there."
        : "The stream '"
            + stream
            + "' was found by '"
            + where
            + "' of the configuration file: "
            + what
            + ". It comes and goes with that; change the rules there.";
  }
}
