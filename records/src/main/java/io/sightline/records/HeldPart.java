package io.sightline.records;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * That something which replays are joined by is there, or is being made: a {@link ReelPart}, or a
 * file that one is made of. It is written on condition of its version: by who is about to use it,
 * and by who deletes it because nobody does, so at most one of the two succeeds.
 *
 * <p>Made again after it was deleted, it has another key: whoever deletes one, or makes one, late
 * touches no other.
 *
 * @param id names all that it is made of; a folder without a slash at its end
 * @param key of the object that is it; all objects in that folder are its own
 * @param atMicros when somebody was about to use it last
 */
public record HeldPart(String id, String key, long atMicros, State state) {

  private static final String PART = "/part.json";
  private static final String FILE = "/file";

  /** Whether it may be used. */
  public enum State {
    /** It may. */
    @JsonProperty("held")
    HELD,
    /** It is being deleted, which nobody takes back. */
    @JsonProperty("going")
    GOING,
    /** Nothing is left of it. It is kept for a while, so that versions only rise. */
    @JsonProperty("gone")
    GONE
  }

  /** One that is to be made. */
  public static HeldPart ofPart(String id, long nowMicros) {
    return new HeldPart(id, key(id, nowMicros) + PART, nowMicros, State.HELD);
  }

  /** One that is to be stored. */
  public static HeldPart ofFile(String id, long nowMicros) {
    return new HeldPart(id, key(id, nowMicros) + FILE, nowMicros, State.HELD);
  }

  private static String key(String id, long nowMicros) {
    return id + "-" + Ids.fixedWidth(nowMicros);
  }

  /** The id of what has a key. */
  public static String idOf(String key) {
    String folder = key.substring(0, Math.max(0, key.lastIndexOf('/')));
    return folder.substring(0, Math.max(0, folder.lastIndexOf('-')));
  }

  public HeldPart at(long nowMicros) {
    return new HeldPart(id, key, nowMicros, state);
  }

  public HeldPart as(State next) {
    return new HeldPart(id, key, atMicros, next);
  }

  /** Whether what has a key may be made or used. */
  public boolean holds(String otherKey) {
    return state == State.HELD && key.equals(otherKey);
  }
}
