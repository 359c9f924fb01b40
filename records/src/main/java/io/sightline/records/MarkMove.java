package io.sightline.records;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** What became of one mark when an optimizer looked for a better place for it. */
public enum MarkMove {
  /** It moved to the place that was looked for. */
  MOVED("moved"),
  /** It stays: it lies well as it is. */
  ALREADY_QUIET("already-quiet"),
  /** It stays: within the search window there is no better place. */
  NOTHING_FOUND("nothing-found"),
  /** It moved, but only as far as the search window reaches. */
  WINDOW("window"),
  /** A neighbouring segment stopped it, or kept it where it is. */
  NEIGHBOUR("neighbour"),
  /** For this end no search was asked for. */
  NOT_TRIED("not-tried"),
  /** Something that this version does not know. */
  OTHER("other");

  private final String id;

  MarkMove(String id) {
    this.id = id;
  }

  /** As it is written. */
  @JsonValue
  public String id() {
    return id;
  }

  @JsonCreator
  static MarkMove read(String id) {
    for (MarkMove move : values()) {
      if (move.id.equals(id)) {
        return move;
      }
    }
    return OTHER;
  }
}
