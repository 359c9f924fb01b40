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
import io.sightline.records.ReelPart;
import io.sightline.records.ReelPiece;
import io.sightline.records.RenditionRequest;
import io.sightline.records.StoreKeys;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

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

  /** The same for all that plays in a replay. */
  Future<ObjectNode> ofReplay(Caller caller, String id) {
    return replays
        .find(caller, id)
        .compose(renditions::pieces)
        .compose(
            pieces ->
                ask(
                    caller,
                    pieces.stream()
                        .map(ReelPiece::media)
                        .collect(Collectors.toCollection(LinkedHashSet::new))));
  }

  private Future<ObjectNode> ask(Caller caller, Set<String> media) {
    if (!wanted) {
      return Future.failedFuture(
          Problem.of(422, "No renditions are configured: 'clips.renditions' says which to make."));
    }
    List<RenditionRequest> requests = requests(caller, media);
    ObjectNode answer = Json.MAPPER.createObjectNode();
    ArrayNode asked = answer.putArray("clips");
    requests.stream().map(RenditionRequest::clip).distinct().forEach(asked::add);
    return Future.all(
            requests.stream()
                .map(one -> writer.write(OutRecord.of(Topic.RENDITION_REQUESTS, one.stream(), one)))
                .toList())
        .map(answer);
  }

  /** What is made of a file is of no stream; it is asked for beside the clips of one. */
  private List<RenditionRequest> requests(Caller caller, Set<String> media) {
    long now = Positions.of(clock.instant());
    Map<String, String> clips = new LinkedHashMap<>();
    for (String one : media) {
      clips.put(one, one.indexOf('/') < 0 ? one : ReelPart.clip(one));
    }
    String any =
        clips.values().stream()
            .filter(Objects::nonNull)
            .findFirst()
            .map(StoreKeys::streamOf)
            .orElse("");
    List<RenditionRequest> requests = new ArrayList<>();
    clips.forEach(
        (one, clip) -> {
          String stream = clip == null ? any : StoreKeys.streamOf(clip);
          requests.add(
              one.equals(clip)
                  ? new RenditionRequest(clip, stream, caller.name(), now)
                  : RenditionRequest.ofPart(one, stream, caller.name(), now));
        });
    return requests;
  }
}
