package io.sightline.records;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/**
 * Which of an input and its backups a stream is made of now, as its agent reports it.
 *
 * @param use what it is taken for
 * @param index 0 for the input itself, 1 for its first backup and so on
 * @param url without credentials; cut at {@value #MAX_TEXT} characters
 * @param reason why it is a backup, as a sentence without credentials; null when it is none; cut
 *     likewise
 * @param offsetMicros how much later than it arrives what it shows is laid on the axis; null for an
 *     input that makes the axis, and until it is known
 * @param offsetFrom how that is known; null when there is none
 */
public record InputInUse(
    Set<InputUse> use,
    int index,
    String url,
    String reason,
    Long offsetMicros,
    OffsetFrom offsetFrom) {

  /** How the offset between two inputs is known. */
  public enum OffsetFrom {
    /** Both tell their sender's clock. */
    @JsonProperty("sender-clock")
    SENDER_CLOCK,
    /** It is declared. */
    @JsonProperty("configured")
    CONFIGURED,
    /** It is not: what arrives at the same time counts as simultaneous. */
    @JsonProperty("arrival")
    ARRIVAL
  }

  private static final int MAX_TEXT = 500;

  public InputInUse {
    use =
        Collections.unmodifiableSet(
            use == null || use.isEmpty() ? EnumSet.allOf(InputUse.class) : EnumSet.copyOf(use));
    if (index < 0) {
      throw new IllegalArgumentException("Inputs are counted from 0, not from " + index);
    }
    url = cut(Objects.requireNonNullElse(url, ""));
    reason = cut(reason);
  }

  /** One whose offset is not known, or which has none. */
  public InputInUse(Set<InputUse> use, int index, String url, String reason) {
    this(use, index, url, reason, null, null);
  }

  /** Whether it stands in for another. */
  public boolean backup() {
    return index > 0;
  }

  /** The same, laid with an offset. */
  public InputInUse laid(long micros, OffsetFrom from) {
    return new InputInUse(use, index, url, reason, micros, from);
  }

  private static String cut(String text) {
    return text == null || text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
  }
}
