package io.sightline.ingestgateway.streams;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sightline.ingestgateway.web.Answers;
import io.sightline.ingestgateway.web.Problem;
import io.sightline.records.InputSpec;
import io.sightline.records.InputUse;
import io.sightline.records.Json;
import io.sightline.records.StreamSpec;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;

/** Reads what somebody wants a stream to be. */
public final class StreamRequest {

  /** What a capture agent can take over a network, or as an RTMP target. */
  private static final Set<String> SCHEMES =
      Set.of(
          "rtsp",
          "rtsps",
          "rtmp",
          "rtmps",
          "http",
          "https",
          "srt",
          "udp",
          "tcp",
          "device",
          "file",
          "kvs",
          "s3",
          "medialive");

  private StreamRequest() {}

  /**
   * @throws Problem 400 or 422 with a sentence that says what is wrong
   */
  public static StreamSpec read(String name, JsonNode body) {
    if (body.hasNonNull("name") && !body.get("name").asText().equals(name)) {
      throw Problem.of(
          400,
          "The body names the stream '"
              + body.get("name").asText()
              + "', the path '"
              + name
              + "'.");
    }
    StreamSpec spec;
    try {
      spec =
          Json.MAPPER.treeToValue(
              ((ObjectNode) body.deepCopy()).put("name", name), StreamSpec.class);
    } catch (IOException e) {
      throw Problem.of(422, Answers.cause(e));
    }
    checkInputs(spec);
    return spec;
  }

  private static void checkInputs(StreamSpec spec) {
    Set<InputUse> taken = EnumSet.noneOf(InputUse.class);
    for (InputSpec input : spec.inputs()) {
      checkUrl(input);
      input.backup().forEach(backup -> checkUrl(backup.asInput(input.use())));
      for (InputUse use : input.use()) {
        if (!taken.add(use)) {
          throw Problem.of(
              422,
              "Two inputs are there to "
                  + use.name().toLowerCase(java.util.Locale.ROOT)
                  + "; each use has one input.");
        }
      }
    }
  }

  private static void checkUrl(InputSpec input) {
    if (!SCHEMES.contains(scheme(input.url())) && !input.published()) {
      throw Problem.of(
          422,
          "The input '"
              + input.safeUrl()
              + "' must be a URL such as rtsp://camera/stream, or rtmp-listen.");
    }
  }

  private static String scheme(String url) {
    int colon = url.indexOf(':');
    return colon < 0 ? "" : url.substring(0, colon).toLowerCase(java.util.Locale.ROOT);
  }
}
