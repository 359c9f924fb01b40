package io.sightline.alerter.webhook;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.jackson.JsonFormat;
import io.sightline.records.Alert;
import io.sightline.records.Json;
import io.sightline.records.Positions;
import java.net.URI;
import java.time.ZoneOffset;
import java.util.Locale;

/**
 * An alert as a CloudEvent 1.0 in structured JSON. The same alert in the same state always gives
 * the same bytes, so that a receiver knows a repeat by its id.
 */
final class AlertEvent {

  static final String CONTENT_TYPE = JsonFormat.CONTENT_TYPE;

  private static final JsonFormat FORMAT = new JsonFormat();

  private AlertEvent() {}

  static byte[] of(Alert alert) {
    String state = alert.state().name().toLowerCase(Locale.ROOT);
    boolean cleared = alert.state() == Alert.State.CLEARED;
    long position = cleared ? alert.lastSeenMicros() : alert.positionMicros();
    CloudEvent event =
        CloudEventBuilder.v1()
            .withId(alert.id() + "." + state)
            .withSource(URI.create("/streams/" + alert.stream()))
            .withType("io.sightline.alert." + state)
            .withSubject(alert.id())
            .withTime(Positions.instant(position).atOffset(ZoneOffset.UTC))
            .withData("application/json", Json.encode(alert))
            .build();
    return FORMAT.serialize(event);
  }
}
