package io.sightline.ingestgateway.lists;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightline.ingestgateway.delivery.Renditions;
import io.sightline.ingestgateway.delivery.SignedPaths;
import io.sightline.records.Alert;
import io.sightline.records.ChunkInfo;
import io.sightline.records.Clip;
import io.sightline.records.Feedback;
import io.sightline.records.FrameDetections;
import io.sightline.records.Json;
import io.sightline.records.Kept;
import io.sightline.records.MediaProgress;
import io.sightline.records.MediaState;
import io.sightline.records.Published;
import io.sightline.records.Rendition;
import io.sightline.records.Replay;
import io.sightline.records.ReplayItem;
import io.sightline.records.ReplayJob;
import io.sightline.records.Segment;
import io.sightline.records.Vote;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Records as clients see them: with what is derived, with signed paths in place of object keys. The
 * same in lists and in live updates. Thread-safe.
 */
public final class Views {

  private static final int MAX_REVIEWS = 100;

  private final SignedPaths paths;
  private final List<String> wanted;

  /**
   * @param wanted names of the renditions that are configured
   */
  public Views(SignedPaths paths, List<String> wanted) {
    this.paths = paths;
    this.wanted = List.copyOf(wanted);
  }

  /** Whether any renditions are configured. */
  boolean wantsRenditions() {
    return !wanted.isEmpty();
  }

  public ObjectNode frame(FrameDetections frame) {
    ObjectNode node = Json.MAPPER.valueToTree(frame);
    node.put("id", frame.frameId());
    picture(node, frame.pictureKey());
    return node;
  }

  public ObjectNode segment(Segment segment) {
    ObjectNode node = Json.MAPPER.valueToTree(segment);
    node.put("startMicros", segment.startMicros());
    if (segment.endMicros() != null) {
      node.put("endMicros", segment.endMicros());
    }
    node.put("label", segment.label());
    node.put("open", segment.open());
    return node;
  }

  /**
   * What stands beside a segment.
   *
   * @param clip its newest that is ready; null for none
   * @param newest its newest in any state; null for none
   * @param optimized those for single sound tracks that are ready
   * @param kept null when nobody wants it kept
   */
  record BesideSegment(
      Clip clip, Clip newest, List<Clip> optimized, List<Feedback> feedback, Kept kept) {}

  ObjectNode segment(Segment segment, BesideSegment beside) {
    Clip clip = beside.clip();
    List<Feedback> feedback = beside.feedback();
    ObjectNode node = segment(segment);
    if (beside.newest() != null) {
      node.set("clipState", Json.MAPPER.valueToTree(beside.newest().state()));
    }
    if (beside.kept() != null) {
      ObjectNode kept = node.putObject("kept");
      kept.put("by", beside.kept().by());
      kept.put("atMicros", beside.kept().atMicros());
    }
    ObjectNode said = node.putObject("feedback");
    said.put("likes", count(feedback, Vote.LIKE));
    said.put("dislikes", count(feedback, Vote.DISLIKE));
    ArrayNode reviews = said.putArray("reviews");
    for (Feedback one : feedback.subList(0, Math.min(MAX_REVIEWS, feedback.size()))) {
      ObjectNode review = Json.MAPPER.valueToTree(one);
      reviews.add(review.without(List.of("segment", "stream")));
    }
    if (clip != null) {
      shown(node.putObject("clip"), clip);
    }
    if (!beside.optimized().isEmpty()) {
      ArrayNode optimized = node.putArray("optimizedClips");
      for (Clip one : beside.optimized()) {
        ObjectNode shown = optimized.addObject();
        shown.put("audioTrack", one.audioTrack());
        shown(shown, one);
      }
    }
    return node;
  }

  /** Adds to what is shown of a segment or replay what is being made of it. */
  static ObjectNode withProgress(ObjectNode node, List<MediaProgress> making) {
    if (!making.isEmpty()) {
      node.set("making", Json.MAPPER.valueToTree(making));
    }
    return node;
  }

  private void shown(ObjectNode node, Clip clip) {
    node.put("id", clip.id());
    node.put("startMicros", clip.startMicros());
    node.put("durationMicros", clip.durationMicros());
    media(node, clip);
  }

  public ObjectNode clip(Clip clip) {
    ObjectNode node = Json.MAPPER.valueToTree(clip);
    node.remove("indexKey");
    node.remove("mp4Key");
    node.remove("thumbnailKey");
    if (clip.state() == MediaState.READY) {
      media(node, clip);
    }
    return node;
  }

  /** Adds to what is shown of a clip where its other encodings are, and which could not be made. */
  void clipRenditions(ObjectNode clip, List<Rendition> renditions) {
    renditions(
        clip,
        renditions.stream().filter(Rendition::ready).toList(),
        renditions.stream().filter(one -> !one.ready()).toList(),
        this::clipRendition);
  }

  private void clipRendition(ObjectNode shown, Rendition one) {
    String folder = paths.clip(one.id());
    shown.put("hls", folder + "master.m3u8");
    if (one.mp4Key() != null) {
      shown.put("mp4", folder + "clip.mp4");
    }
  }

  /** Adds to what is shown of a replay where its other encodings are, and what lacks to others. */
  void replayRenditions(ObjectNode node, Replay replay, Renditions.OfReplay found) {
    String folder = paths.replay(replay.id(), replay.version());
    List<Rendition> whole =
        found.reels().values().stream()
            .filter(Rendition.OfReel::all)
            .map(of -> of.pieces().get(0))
            .toList();
    renditions(
        node,
        whole,
        found.failed(),
        (shown, one) -> {
          shown.put("hls", folder + one.name() + "/master.m3u8");
          if (replay.mp4Key() != null && replay.complete()) {
            shown.put("mp4", folder + one.name() + "/replay.mp4");
          }
        });
  }

  /** That a rendition of a clip was made, or could not be. */
  public static ObjectNode rendition(Rendition rendition) {
    ObjectNode node = Json.MAPPER.valueToTree(rendition);
    return node.without(List.of("indexKey", "mp4Key", "part"));
  }

  private void renditions(
      ObjectNode node,
      List<Rendition> ready,
      List<Rendition> failed,
      BiConsumer<ObjectNode, Rendition> links) {
    if (!(node.path("media") instanceof ObjectNode media)) {
      return;
    }
    List<String> missing = new ArrayList<>(wanted);
    ArrayNode shown = Json.MAPPER.createArrayNode();
    for (Rendition one : ready) {
      ObjectNode rendition = shown.addObject();
      rendition.put("name", one.name());
      rendition.put("width", one.width());
      rendition.put("height", one.height());
      if (one.note() != null) {
        rendition.put("note", one.note());
      }
      links.accept(rendition, one);
      missing.remove(one.name());
    }
    ArrayNode without = Json.MAPPER.createArrayNode();
    for (Rendition one : failed) {
      ObjectNode rendition = without.addObject();
      rendition.put("name", one.name());
      rendition.put("clip", one.clip());
      rendition.put("error", one.error());
      missing.remove(one.name());
    }
    ArrayNode others = Json.MAPPER.createArrayNode();
    missing.forEach(others::add);
    set(media, "renditions", shown);
    set(media, "failedRenditions", without);
    set(media, "missingRenditions", others);
  }

  private static void set(ObjectNode node, String name, ArrayNode values) {
    if (!values.isEmpty()) {
      node.set(name, values);
    }
  }

  public ObjectNode alert(Alert alert) {
    ObjectNode node = Json.MAPPER.valueToTree(alert);
    picture(node, alert.pictureKey());
    if (alert.clip() != null) {
      String folder = paths.clip(alert.clip());
      ObjectNode media = node.putObject("media");
      media.put("hls", folder + "master.m3u8");
      media.put("mp4", folder + "clip.mp4");
      media.put("thumbnail", folder + "thumbnail.jpg");
    }
    return node;
  }

  public ObjectNode replay(Replay replay) {
    ObjectNode node = Json.MAPPER.valueToTree(replay);
    node.remove("indexKey");
    node.remove("mp4Key");
    node.remove("joins");
    if (replay.indexKey() != null && replay.segments() > 0) {
      String folder = paths.replay(replay.id(), replay.version());
      ObjectNode media = node.putObject("media");
      media.put("hls", folder + "master.m3u8");
      if (replay.mp4Key() != null) {
        media.put("mp4", folder + "replay.mp4");
      }
      media.put("thumbnail", folder + "thumbnail.jpg");
    }
    return node;
  }

  /** The encoding of a replay as a whole; where its files are once it is ready. */
  public ObjectNode replayJob(ReplayJob job) {
    ObjectNode node = Json.MAPPER.valueToTree(job);
    node.remove(List.of("hlsKey", "mp4Key", "streams"));
    if (job.state() == MediaState.READY) {
      String home = "replays/" + job.replay() + "/" + job.version() + "/";
      String folder = paths.replay(job.replay(), job.version());
      ObjectNode media = node.putObject("media");
      media.put("hls", folder + job.hlsKey().substring(home.length()));
      media.put("mp4", folder + job.mp4Key().substring(home.length()));
    }
    return node;
  }

  /** What of a replay is published. */
  static ObjectNode published(Published published) {
    ObjectNode node = Json.MAPPER.valueToTree(published);
    return node.without(List.of("replay", "requestRevision", "versions"));
  }

  ObjectNode replayItem(ReplayItem item) {
    ObjectNode node = Json.MAPPER.valueToTree(item);
    node.remove("parts");
    if (item.clip() != null && item.included()) {
      String folder = paths.clip(item.clip());
      ObjectNode media = node.putObject("media");
      media.put("hls", folder + "master.m3u8");
      media.put("thumbnail", folder + "thumbnail.jpg");
    }
    return node;
  }

  /** What a client needs to know of a chunk: that a playlist has grown. */
  public ObjectNode chunk(ChunkInfo chunk) {
    ObjectNode node = Json.MAPPER.createObjectNode();
    node.put("stream", chunk.stream());
    node.put("epoch", chunk.epoch());
    node.put("run", chunk.run());
    node.put("sequence", chunk.sequence());
    node.put("positionMicros", chunk.positionMicros());
    node.put("durationMicros", chunk.durationMicros());
    return node;
  }

  private static long count(List<Feedback> feedback, Vote vote) {
    return feedback.stream().filter(one -> one.vote() == vote).count();
  }

  private void picture(ObjectNode node, String key) {
    node.remove("pictureKey");
    if (key != null) {
      node.put("picture", paths.picture(key));
    }
  }

  private void media(ObjectNode node, Clip clip) {
    String folder = paths.clip(clip.id());
    ObjectNode media = node.putObject("media");
    media.put("hls", folder + "master.m3u8");
    if (clip.mp4Key() != null) {
      media.put("mp4", folder + "clip.mp4");
    }
    if (clip.thumbnailKey() != null) {
      media.put("thumbnail", folder + "thumbnail.jpg");
      media.put("strip", folder + "strip.jpg");
    }
  }
}
