package io.sightline.ingestgateway.medialive;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightline.records.Json;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An event of EventBridge ("MediaLive Channel State Change"), as it arrives in a queue. What it
 * says of the state is passed over: events come late, twice, in any order or not at all, so each
 * only names channels to look at.
 */
final class StateChange {

  private static final Pattern ARN =
      Pattern.compile("arn:aws[a-z-]*:medialive:([a-z0-9-]+):\\d*:channel:(\\d{1,24})");

  private StateChange() {}

  /** Ids of the channels that it is about; empty when it is something else. */
  static Set<String> channels(String message, String region) {
    Set<String> ids = new TreeSet<>();
    try {
      JsonNode event = Json.MAPPER.readTree(message);
      if (event == null
          || !event.path("source").asText().equals("aws.medialive")
          || !event.path("detail-type").asText().equals("MediaLive Channel State Change")) {
        return ids;
      }
      add(event.path("detail").path("channel_arn"), region, ids);
      for (JsonNode resource : event.path("resources")) {
        add(resource, region, ids);
      }
      return ids;
    } catch (IOException e) {
      return ids;
    }
  }

  private static void add(JsonNode name, String region, Set<String> ids) {
    Matcher arn = ARN.matcher(name.asText());
    if (arn.matches() && arn.group(1).equals(region)) {
      ids.add(arn.group(2));
    }
  }
}
