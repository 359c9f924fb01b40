package io.sightline.ingestgateway;

import static io.sightline.ingestgateway.GatewayFixture.await;
import static io.sightline.ingestgateway.GatewayFixture.json;

import io.sightline.records.Clip;
import io.sightline.records.ClipVariant;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import io.sightline.records.MediaState;
import io.sightline.records.Positions;
import io.sightline.records.Segment;
import io.sightline.records.StoreKeys;
import java.util.List;

/** Segments and their clips, as their stages store them. */
final class StoredSegments {

  private StoredSegments() {}

  static Segment segment(String stream, long start, Long end) {
    return new Segment(
        Ids.segment(stream, "live", "presence", start),
        stream,
        "live",
        "presence",
        "0000000000000000-x",
        start,
        end,
        "person",
        null,
        null,
        null,
        false,
        1,
        1);
  }

  static void store(GatewayFixture gateway, Segment segment) {
    byte[] json = Json.encode(segment);
    String sort = StoreKeys.sortOf(segment.id());
    await(gateway.records.put(StoreKeys.segments(segment.stream()), sort, json, null));
    await(
        gateway.records.put(
            StoreKeys.segmentsOfDay(Positions.day(segment.foundStartMicros())), sort, json, null));
  }

  static Clip clip(GatewayFixture gateway, Segment segment, MediaState state) {
    return clip(
        gateway,
        segment,
        state,
        ClipVariant.ORIGINAL,
        0,
        segment.startMicros(),
        segment.endMicros());
  }

  static Clip clip(
      GatewayFixture gateway,
      Segment segment,
      MediaState state,
      ClipVariant variant,
      int track,
      long start,
      long end) {
    String id = Ids.clip(segment.id(), variant, track, 1, "source");
    Clip clip =
        new Clip(
            id,
            segment.id(),
            segment.stream(),
            "live",
            "person",
            variant,
            track,
            "source",
            1,
            state,
            start,
            end,
            start,
            end,
            end - start,
            "frame",
            null,
            List.of(),
            state == MediaState.GONE ? null : "clips/" + id + "/index.json",
            null,
            null,
            null,
            1L,
            1);
    await(
        gateway.records.put(
            StoreKeys.clips(segment.stream()), StoreKeys.sortOf(id), Json.encode(clip), null));
    return clip;
  }
}
