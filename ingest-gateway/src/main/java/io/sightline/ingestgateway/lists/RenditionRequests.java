package io.sightline.ingestgateway.lists;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightline.bus.OutRecord;
import io.sightline.bus.Topic;
import io.sightline.bus.Writer;
import io.sightline.ingestgateway.access.Caller;
import io.sightline.ingestgateway.delivery.Renditions;
import io.sightline.ingestgateway.web.Problem;
import io.sightline.records.Json;
import io.sightline.records.MediaState;
import io.sightline.records.Positions;
import io.sightline.records.RenditionRequest;
import io.sightline.records.StoreKeys;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.Set;

/** Asks for renditions that clips lack, and for those that failed once more. */
final class RenditionRequests {

  private final Results results;
  private final Replays replays;
  private final Renditions renditions;
  private final Writer writer;
  private final Clock clock;
  private final boolean wanted;

  /**
   * @param wanted whether any renditions are configured
   */
  RenditionRequests(
      Results results,
      Replays replays,
      Renditions renditions,
      Writer writer,
      Clock clock,
      boolean wanted) {
    this.wanted = wanted;
    this.results = results;
    this.replays = replays;
    this.renditions = renditions;
    this.writer = writer;
    this.clock = clock;
  }

  /** Completes once it is durable; fails with {@link Problem} when there is no such clip. */
  Future<ObjectNode> ofClip(Caller caller, String id) {
    return results
        .findClip(caller, id)
        .compose(
            clip ->
                clip.state() == MediaState.READY
                    ? ask(caller, Set.of(clip.id()))
                    : Future.failedFuture(
                        Problem.of(
                            422,
                            "The clip '"
                                + id
                                + "' is not there to be made otherwise: it is "
                                + Json.MAPPER.valueToTree(clip.state()).asText()
                                + ".")));
  }

  /** The same for all clips that a replay shows. */
  Future<ObjectNode> ofReplay(Caller caller, String id) {
    return replays
        .find(caller, id)
        .compose(
            replay ->
                replay.joins() == null
                    ? renditions.clips(replay)
                    : Future.failedFuture(
                        Problem.of(
                            422,
                            "A replay with transitions is there as it was cut alone; take them away"
                                + " with 'transitions': {}.")))
        .compose(clips -> ask(caller, new LinkedHashSet<>(clips)));
  }

  private Future<ObjectNode> ask(Caller caller, Set<String> clips) {
    if (!wanted) {
      return Future.failedFuture(
          Problem.of(422, "No renditions are configured: 'clips.renditions' says which to make."));
    }
    long now = Positions.of(clock.instant());
    ObjectNode answer = Json.MAPPER.createObjectNode();
    ArrayNode asked = answer.putArray("clips");
    clips.forEach(asked::add);
    return Future.all(
            clips.stream()
                .map(
                    clip ->
                        new RenditionRequest(clip, StoreKeys.streamOf(clip), caller.name(), now))
                .map(one -> writer.write(OutRecord.of(Topic.RENDITION_REQUESTS, one.stream(), one)))
                .toList())
        .map(answer);
  }
}
