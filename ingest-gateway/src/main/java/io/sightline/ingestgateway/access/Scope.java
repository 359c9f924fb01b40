package io.sightline.ingestgateway.access;

/** What a token allows. Viewer, operator and admin contain one another; agent stands apart. */
public enum Scope {
  /** Ingest for its streams, and nothing else. */
  AGENT("agent", 0),
  /** Reads and plays. */
  VIEWER("viewer", 1),
  /** Edits segments and asks for replays, too. */
  OPERATOR("operator", 2),
  /** Everything, ingest included. */
  ADMIN("admin", 3);

  private final String id;
  private final int rank;

  Scope(String id, int rank) {
    this.id = id;
    this.rank = rank;
  }

  /** As it stands in configuration and in JSON. */
  public String id() {
    return id;
  }

  /** Whether whoever has this scope may do what asks for {@code needed}. */
  public boolean allows(Scope needed) {
    if (this == ADMIN || this == needed) {
      return true;
    }
    return this != AGENT && needed != AGENT && rank >= needed.rank;
  }

  /**
   * @throws IllegalArgumentException naming the scopes that there are
   */
  public static Scope parse(String text) {
    for (Scope scope : values()) {
      if (scope.id.equals(text)) {
        return scope;
      }
    }
    throw new IllegalArgumentException(
        "A scope is agent, viewer, operator or admin, not '" + text + "'");
  }
}
