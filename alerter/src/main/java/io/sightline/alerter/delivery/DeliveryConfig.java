package io.sightline.alerter.delivery;

import java.time.Duration;

/**
 * How channels are told.
 *
 * @param attemptTimeout how long one attempt may take
 * @param firstPause before the second attempt; doubled for each further one, with jitter
 * @param longestPause which the pauses grow to, also when the other side asks for more
 * @param maxAge after which a message is given up
 * @param maxAttempts after which a message is given up
 * @param inFlight how many messages of one partition are tried on one channel at a time
 * @param inMemory how many messages of one partition are held; more wait in the store
 */
public record DeliveryConfig(
    Duration attemptTimeout,
    Duration firstPause,
    Duration longestPause,
    Duration maxAge,
    int maxAttempts,
    int inFlight,
    int inMemory) {

  public DeliveryConfig {
    for (Duration duration : new Duration[] {attemptTimeout, firstPause, longestPause, maxAge}) {
      if (duration.toMillis() < 1) {
        throw new IllegalArgumentException("Timeouts and pauses of a delivery are positive");
      }
    }
    if (longestPause.compareTo(firstPause) < 0) {
      throw new IllegalArgumentException("The longest pause of a delivery is below the first");
    }
    if (maxAttempts < 1 || inFlight < 1 || inMemory < 1 || inMemory > 1000) {
      throw new IllegalArgumentException(
          "A delivery makes attempts, has messages in flight, and 1 to 1000 in memory");
    }
  }

  /** 15 s an attempt; pauses from 1 s to 5 min; a day or 500 attempts; 4 at a time. */
  public static DeliveryConfig defaults() {
    return new DeliveryConfig(
        Duration.ofSeconds(15),
        Duration.ofSeconds(1),
        Duration.ofMinutes(5),
        Duration.ofHours(24),
        500,
        4,
        1000);
  }
}
