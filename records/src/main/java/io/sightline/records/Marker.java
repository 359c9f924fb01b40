package io.sightline.records;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A turning point of a stream, told in band so that every later stage opens and closes at exactly
 * the right place.
 *
 * @param lane where this copy travels; null until the gateway lays one in each lane
 * @param profile the snapshot in force from here: with {@code EPOCH_BEGIN} and {@code PROFILE}
 * @param reason why, for people: with {@code EPOCH_END}, {@code STALLED} and {@code LOST}, and with
 *     {@code EPOCH_BEGIN} where the stream went over to another input
 * @param lostMicros how much of the source could not be read: with {@code EPOCH_END}; 0 if nothing
 * @param input which one the epoch is made of, for people, without credentials: with {@code
 *     EPOCH_BEGIN} of a stream whose input has a backup; else null
 */
public record Marker(
    Kind kind,
    String stream,
    String epoch,
    String run,
    long sequence,
    long positionMicros,
    Lane lane,
    Profile profile,
    String reason,
    long lostMicros,
    String input)
    implements StreamItem {

  /** What turns. */
  public enum Kind {
    /** An uninterrupted run of the stream begins; it closes whatever epoch was open before. */
    @JsonProperty("epoch-begin")
    EPOCH_BEGIN,
    /** The epoch is complete: nothing more of it will come. */
    @JsonProperty("epoch-end")
    EPOCH_END,
    /** Ten seconds without a sign of life: shown, nothing is closed. */
    @JsonProperty("stalled")
    STALLED,
    /** Given up: closes what is open. */
    @JsonProperty("lost")
    LOST,
    /** The stream's profile is another from here on. */
    @JsonProperty("profile")
    PROFILE
  }

  public Marker {
    ItemChecks.check(stream, epoch, run, sequence, positionMicros);
    if (kind == null) {
      throw new IllegalArgumentException("A marker says what turns");
    }
    if ((kind == Kind.EPOCH_BEGIN || kind == Kind.PROFILE) && profile == null) {
      throw new IllegalArgumentException("A marker of kind " + kind + " carries a profile");
    }
  }

  /** One that says nothing of inputs. */
  public Marker(
      Kind kind,
      String stream,
      String epoch,
      String run,
      long sequence,
      long positionMicros,
      Lane lane,
      Profile profile,
      String reason,
      long lostMicros) {
    this(
        kind,
        stream,
        epoch,
        run,
        sequence,
        positionMicros,
        lane,
        profile,
        reason,
        lostMicros,
        null);
  }

  public static Marker begin(
      String stream,
      String epoch,
      String run,
      long sequence,
      long positionMicros,
      Profile profile) {
    return begin(stream, epoch, run, sequence, positionMicros, profile, null, null);
  }

  /**
   * @param reason why the stream went over to this input; null when it did not
   * @param input which one it is made of; null when there is but one
   */
  public static Marker begin(
      String stream,
      String epoch,
      String run,
      long sequence,
      long positionMicros,
      Profile profile,
      String reason,
      String input) {
    return new Marker(
        Kind.EPOCH_BEGIN,
        stream,
        epoch,
        run,
        sequence,
        positionMicros,
        null,
        profile,
        reason,
        0,
        input);
  }

  public static Marker end(
      String stream,
      String epoch,
      String run,
      long sequence,
      long positionMicros,
      String reason,
      long lostMicros) {
    return new Marker(
        Kind.EPOCH_END,
        stream,
        epoch,
        run,
        sequence,
        positionMicros,
        null,
        null,
        reason,
        lostMicros);
  }

  public Marker on(Lane other) {
    return new Marker(
        kind,
        stream,
        epoch,
        run,
        sequence,
        positionMicros,
        other,
        profile,
        reason,
        lostMicros,
        input);
  }
}
