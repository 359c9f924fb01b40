package io.sightline.ingestgateway.medialive;

import java.time.Duration;

/**
 * How the work is shared among gateways.
 *
 * @param claim from one claim of the lease to the next
 * @param patience how long a holder may be silent
 * @param pause before a queue that failed is asked again
 * @param look in place of what the settings say; null to leave it
 */
record FinderTimes(Duration claim, Duration patience, Duration pause, Duration look) {

  static final FinderTimes DEFAULT =
      new FinderTimes(Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(10), null);
}
