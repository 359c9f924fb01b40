package io.sightline.ingestgateway;

import io.sightline.ingestgateway.streams.StreamFinder;
import io.sightline.records.Keep;
import io.sightline.records.Profile;
import io.sightline.records.StreamSpec;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the configuration file declares. Its streams are read-only over the API.
 *
 * @param profiles by name; streams made over the API choose among them, too
 * @param where the file, as people know it: {@code sightline.yaml}
 * @param timeZone in which schedules are meant, of streams made over the API, too
 * @param recordings how long recordings are kept where a stream says nothing; null when none are
 *     counted or deleted, as in a run whose data goes away by itself
 * @param finders find further streams by themselves, which are read-only, too
 * @param publishes whether the file says where replays are published
 * @param renditions names of those that the file wants of clips
 * @param transitions what it names for the transitions of replays
 * @param encoding by what whole replays are encoded; null when by nothing
 */
public record Declared(
    List<StreamSpec> streams,
    Map<String, Profile> profiles,
    String where,
    ZoneId timeZone,
    Keep recordings,
    List<StreamFinder> finders,
    boolean publishes,
    List<String> renditions,
    TransitionNames transitions,
    ReplayEncoding encoding) {

  public Declared {
    streams = List.copyOf(streams);
    profiles = Map.copyOf(profiles);
    finders = List.copyOf(finders);
    renditions = List.copyOf(renditions);
    Set<String> names = new HashSet<>();
    for (StreamSpec stream : streams) {
      if (!names.add(stream.name())) {
        throw new IllegalArgumentException("The stream '" + stream.name() + "' is declared twice");
      }
      if (!profiles.containsKey(stream.profile())) {
        throw new IllegalArgumentException(
            "The stream '"
                + stream.name()
                + "' names the profile '"
                + stream.profile()
                + "', which is not declared");
      }
    }
  }

  /** Without anything for transitions, or for whole replays. */
  public Declared(
      List<StreamSpec> streams,
      Map<String, Profile> profiles,
      String where,
      ZoneId timeZone,
      Keep recordings,
      List<StreamFinder> finders,
      boolean publishes,
      List<String> renditions) {
    this(
        streams,
        profiles,
        where,
        timeZone,
        recordings,
        finders,
        publishes,
        renditions,
        TransitionNames.NONE,
        null);
  }

  /** Without any that finds further streams. */
  public Declared(
      List<StreamSpec> streams,
      Map<String, Profile> profiles,
      String where,
      ZoneId timeZone,
      Keep recordings) {
    this(streams, profiles, where, timeZone, recordings, List.of(), false, List.of());
  }

  /** In the time zone of this machine; recordings are neither counted nor deleted. */
  public Declared(List<StreamSpec> streams, Map<String, Profile> profiles, String where) {
    this(streams, profiles, where, ZoneId.systemDefault(), null);
  }
}
