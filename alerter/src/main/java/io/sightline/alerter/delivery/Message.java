package io.sightline.alerter.delivery;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.sightline.records.Alert;
import java.util.Locale;

/**
 * What is to be told, or was: one state of one alert on one channel.
 *
 * @param alert as it was when this was written down
 * @param attempts begun so far
 * @param notBeforeMicros wall clock before which it is not tried (again)
 * @param claimedBy who is trying, or tried last; null before the first attempt
 * @param claimedUntilMicros wall clock until which nobody else tries
 * @param error why the last attempt failed; null when none has
 */
public record Message(
    Alert alert,
    String channel,
    Status status,
    int attempts,
    long createdMicros,
    long notBeforeMicros,
    String claimedBy,
    long claimedUntilMicros,
    String error) {

  /** Where it stands. */
  public enum Status {
    @JsonProperty("pending")
    PENDING,
    @JsonProperty("sent")
    SENT,
    @JsonProperty("failed")
    FAILED
  }

  private static final int LONGEST_ERROR = 500;

  public Message {
    error =
        error == null || error.length() <= LONGEST_ERROR
            ? error
            : error.substring(0, LONGEST_ERROR);
  }

  public static Message of(Alert alert, String channel, long nowMicros) {
    return new Message(alert, channel, Status.PENDING, 0, nowMicros, 0, null, 0, null);
  }

  /** {@code {alert}.{state}.{channel}} */
  public String id() {
    return id(alert.state());
  }

  /** Of the same alert and channel, in another state. */
  String id(Alert.State state) {
    return alert.id() + "." + state.name().toLowerCase(Locale.ROOT) + "." + channel;
  }

  Message claimed(String by, long untilMicros) {
    return new Message(
        alert, channel, status, attempts + 1, createdMicros, 0, by, untilMicros, error);
  }

  Message postponed(long untilMicros, String why) {
    return new Message(
        alert, channel, status, attempts, createdMicros, untilMicros, claimedBy, 0, why);
  }

  Message done(Status result, String why) {
    return new Message(alert, channel, result, attempts, createdMicros, 0, claimedBy, 0, why);
  }
}
