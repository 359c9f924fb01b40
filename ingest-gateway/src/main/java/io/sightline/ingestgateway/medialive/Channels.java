package io.sightline.ingestgateway.medialive;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.medialive.MediaLiveClient;
import software.amazon.awssdk.services.medialive.model.ChannelClass;
import software.amazon.awssdk.services.medialive.model.ChannelSummary;
import software.amazon.awssdk.services.medialive.model.DescribeChannelResponse;
import software.amazon.awssdk.services.medialive.model.ListChannelsResponse;
import software.amazon.awssdk.services.medialive.model.NotFoundException;
import software.amazon.awssdk.services.medialive.model.PipelineDetail;

/** The channels of a region that the rules allow, asked for through the SDK. Blocks. */
final class Channels {

  private static final int PAGE = 100;

  /** More than any account has. */
  private static final int MAX_PAGES = 200;

  /** Streams are named by it. */
  private static final Pattern ID = Pattern.compile("\\d{1,24}");

  private final MediaLiveClient client;
  private final MediaLiveSettings.Rules rules;

  Channels(MediaLiveClient client, MediaLiveSettings.Rules rules) {
    this.client = client;
    this.rules = rules;
  }

  /** All of them; fails rather than to leave some out. */
  List<Channel> all() {
    List<Channel> all = new ArrayList<>();
    Set<String> tokens = new HashSet<>();
    String token = null;
    do {
      String next = token;
      ListChannelsResponse page =
          client.listChannels(request -> request.maxResults(PAGE).nextToken(next));
      page.channels().stream().filter(this::isAllowed).map(this::channel).forEach(all::add);
      token = page.nextToken();
      if (token != null && (!tokens.add(token) || tokens.size() > MAX_PAGES)) {
        throw new IllegalStateException("MediaLive's list of channels does not end");
      }
    } while (token != null);
    return all;
  }

  /** One of them; empty when it is not there, or not allowed. */
  Optional<Channel> find(String id) {
    if (!ID.matcher(id).matches()) {
      return Optional.empty();
    }
    try {
      DescribeChannelResponse found = client.describeChannel(request -> request.channelId(id));
      return rules.allow(id, found.name(), tags(found.hasTags(), found.tags()))
          ? Optional.of(channel(id, found))
          : Optional.empty();
    } catch (NotFoundException e) {
      return Optional.empty();
    }
  }

  private boolean isAllowed(ChannelSummary channel) {
    return channel.id() != null
        && ID.matcher(channel.id()).matches()
        && rules.allow(channel.id(), channel.name(), tags(channel.hasTags(), channel.tags()));
  }

  private static Map<String, String> tags(boolean has, Map<String, String> tags) {
    return has ? tags : Map.of();
  }

  private Channel channel(ChannelSummary summary) {
    if (!Channel.RUNNING.equals(summary.stateAsString())) {
      return new Channel(summary.id(), summary.name(), summary.stateAsString(), List.of());
    }
    int running = summary.pipelinesRunningCount() == null ? -1 : summary.pipelinesRunningCount();
    boolean standard = summary.channelClass() == ChannelClass.STANDARD;
    if (running == 0 || !standard && running > 0) {
      List<String> pipelines = running == 0 ? List.of() : List.of("0");
      return new Channel(summary.id(), summary.name(), Channel.RUNNING, pipelines);
    }
    if (running == 2) {
      return new Channel(summary.id(), summary.name(), Channel.RUNNING, List.of("0", "1"));
    }
    // One of two: the list does not say which.
    return find(summary.id())
        .orElseGet(() -> new Channel(summary.id(), summary.name(), "DELETED", List.of()));
  }

  private static Channel channel(String id, DescribeChannelResponse found) {
    String state = found.stateAsString();
    List<String> pipelines =
        Channel.RUNNING.equals(state) && found.hasPipelineDetails()
            ? found.pipelineDetails().stream()
                .map(PipelineDetail::pipelineId)
                .filter(Set.of("0", "1")::contains)
                .sorted()
                .distinct()
                .toList()
            : List.of();
    return new Channel(id, found.name(), state, pipelines);
  }
}
