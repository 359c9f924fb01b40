package io.sightline.ingestgateway.medialive;

import io.sightline.ingestgateway.streams.FoundStreams.Found;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What has to change so that the streams are those of the channels.
 *
 * @param there streams that are to be there, whether or not they are already
 * @param gone names of those that are to go
 */
record Reconciliation(List<Found> there, Set<String> gone) {

  /** After a look at all channels. */
  static Reconciliation ofAll(
      Map<String, Found> known, Collection<Channel> channels, MediaLiveSettings settings) {
    return of(new TreeSet<>(known.keySet()), known, channels, settings);
  }

  /**
   * After a look at some channels; the streams of others stay as they are.
   *
   * @param looked ids of all that were looked at
   * @param channels those of them that are there
   */
  static Reconciliation ofSome(
      Map<String, Found> known,
      Collection<String> looked,
      Collection<Channel> channels,
      MediaLiveSettings settings) {
    Set<String> concerned = new TreeSet<>();
    for (String id : looked) {
      known.keySet().stream()
          .filter(name -> name.startsWith(settings.prefix(id)))
          .forEach(concerned::add);
    }
    return of(concerned, known, channels, settings);
  }

  private static Reconciliation of(
      Set<String> gone,
      Map<String, Found> known,
      Collection<Channel> channels,
      MediaLiveSettings settings) {
    List<Found> there = new ArrayList<>();
    for (Channel channel : channels) {
      if (channel.isInBetween()) {
        gone.removeIf(name -> name.startsWith(settings.prefix(channel.id())));
      } else if (channel.runs()) {
        for (String pipeline : channel.pipelines()) {
          Found found =
              new Found(
                  settings.stream(channel.id(), pipeline),
                  channel.described(pipeline, settings.region()));
          gone.remove(found.stream().name());
          if (!found.equals(known.get(found.stream().name()))) {
            there.add(found);
          }
        }
      }
    }
    return new Reconciliation(there, gone);
  }
}
