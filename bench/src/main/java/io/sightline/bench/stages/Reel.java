package io.sightline.bench.stages;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightline.bench.BenchException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A replay, looked at as a player does: over the API, then its playlists. */
final class Reel {

  private static final long LOOK_MILLIS = 10;
  private static final long PATIENCE_NANOS = 600_000_000_000L;

  private final Stages stages;
  private final String id;

  private Reel(Stages stages, String id) {
    this.stages = stages;
    this.id = id;
  }

  /**
   * Asks for one.
   *
   * @param selection besides the stream
   * @param rules empty for all that is selected
   */
  static Reel ask(
      Stages stages, String title, Map<String, Object> selection, Map<String, Object> rules)
      throws Exception {
    Map<String, Object> selected = new HashMap<>(selection);
    selected.put("streams", List.of(Stages.STREAM));
    Map<String, Object> wanted = new HashMap<>();
    wanted.put("title", title);
    wanted.put("selection", selected);
    if (!rules.isEmpty()) {
      wanted.put("rules", rules);
    }
    return new Reel(stages, stages.post("/replays", wanted).path("id").asText());
  }

  /** Gives it other rules. */
  void choose(Map<String, Object> rules) throws Exception {
    stages.patch("/replays/" + id, Map.of("rules", rules));
  }

  int version() throws Exception {
    return state().path("version").asInt();
  }

  /** Until its playlist has so many entries. */
  void await(int entries) throws Exception {
    await(entries, 0);
  }

  /** The same, of a version after one that is known. */
  void await(int entries, int after) throws Exception {
    long until = System.nanoTime() + PATIENCE_NANOS;
    while (entries(after, entries) < entries) {
      if (System.nanoTime() > until) {
        throw new BenchException(
            "The replay holds " + entries(after, entries) + " of " + entries + " segments");
      }
      Thread.sleep(LOOK_MILLIS);
    }
  }

  /** Those in the playlist; 0 where the replay does not say that it has as many as are wanted. */
  private int entries(int after, int wanted) throws Exception {
    JsonNode replay = state();
    if (replay.path("version").asInt() <= after || replay.path("segments").asInt() < wanted) {
      return 0;
    }
    String master = replay.path("media").path("hls").asText();
    String folder = master.substring(0, master.lastIndexOf('/') + 1);
    String playlist = folder + Playlist.lines(text(master)).get(0);
    return Playlist.lines(text(playlist)).size();
  }

  private JsonNode state() throws Exception {
    return stages.get("/replays/" + id);
  }

  private String text(String path) throws Exception {
    return new String(stages.body(path), StandardCharsets.UTF_8);
  }
}
