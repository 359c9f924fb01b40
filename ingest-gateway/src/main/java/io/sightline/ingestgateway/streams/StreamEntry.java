package io.sightline.ingestgateway.streams;

import io.sightline.records.Profile;
import io.sightline.records.StreamAssignment;
import io.sightline.records.StreamSpec;
import java.time.ZoneId;

/**
 * A stream as this gateway knows it.
 *
 * @param profile the snapshot that its next epoch begins with
 * @param origin where it comes from
 * @param revision of its last change
 * @param timeZone in which its schedule is meant
 */
public record StreamEntry(
    StreamSpec spec, Profile profile, StreamOrigin origin, long revision, ZoneId timeZone) {

  StreamAssignment assignment() {
    return new StreamAssignment(spec, profile, revision, timeZone.getId());
  }
}
