package io.sightline.records;

import static io.sightline.records.Samples.CLIP;
import static io.sightline.records.Samples.NOON;
import static io.sightline.records.Samples.SEGMENT;

import java.util.LinkedHashMap;
import java.util.Map;

/** Samples of records that have to do with what replays are joined by. */
final class ReelSamples {

  private static final String PART = "clips/" + CLIP + "/faded-1a2b-1763700000000000/part.json";
  private static final String FILE = "inserts/3c4d-5e6f-1763700000000000/part.json";

  private ReelSamples() {}

  static Map<String, Object> all() {
    Map<String, Object> samples = new LinkedHashMap<>();
    samples.put("held-part", HeldPart.ofPart("inserts/3c4d-5e6f", NOON));
    samples.put(
        "held-part-gone", HeldPart.ofFile("inserts/video-3c4d", NOON).as(HeldPart.State.GONE));
    samples.put("part-use", new PartUse(FILE, "best-of"));
    samples.put(
        "reel-part-order-sound",
        new ReelPartOrder(FILE, "clips/c/index.json", null, null, "inserts/video-3c4d-1/file", 2));
    samples.put("reel-piece", new ReelPiece(PART, true, ReelPiece.End.JOINED));
    samples.put("rendition-part", rendition());
    samples.put("rendition-request-part", RenditionRequest.ofPart(FILE, "lobby", "ana", NOON + 7));
    samples.put("replay-item-joined", replayItem());
    return samples;
  }

  private static Rendition rendition() {
    return new Rendition(
        Rendition.idOf(PART, "vertical"),
        CLIP,
        "vertical",
        "lobby",
        "live",
        MediaState.READY,
        1_080,
        1_920,
        "clips/" + CLIP + "/faded-1a2b-1763700000000000/vertical/part.json",
        null,
        null,
        1,
        null,
        PART);
  }

  private static ReplayItem replayItem() {
    return new ReplayItem(
        "best-of",
        1,
        "lobby",
        SEGMENT,
        CLIP,
        "person",
        0,
        NOON,
        13_690_000,
        0,
        true,
        "it lies in the window",
        null,
        null,
        ReplayItem.Parts.of(PART, true, FILE, null));
  }
}
