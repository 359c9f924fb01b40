package io.sightline.bench.stages;

import com.fasterxml.jackson.databind.JsonNode;
import io.sightline.bench.BenchException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A replay, looked at as a player does: over the API, then its playlists. */
final class Reel {

  private static final long LOOK_MILLIS = 10;
  private static final long PATIENCE_NANOS = 600_000_000_000L;

  private final Stages stages;
  private final String id;

  /** The version that is followed, by its playlist. */
  private int followed;

  private String playlist;

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
    while (entries(after) < entries) {
      if (System.nanoTime() > until) {
        throw new BenchException(
            "The replay holds " + entries(after) + " of " + entries + " segments");
      }
      Thread.sleep(LOOK_MILLIS);
    }
  }

  /** Those in the playlist, which a player follows once it has found it; 0 while there is none. */
  private int entries(int after) throws Exception {
    if (playlist == null || followed <= after) {
      JsonNode replay = state();
      String master = replay.path("media").path("hls").asText();
      if (master.isEmpty() || replay.path("version").asInt() <= after) {
        return 0;
      }
      String folder = master.substring(0, master.lastIndexOf('/') + 1);
      playlist = folder + Playlist.lines(text(master)).get(0);
      followed = replay.path("version").asInt();
    }
    Optional<byte[]> text = stages.found(playlist);
    if (text.isEmpty()) {
      // A later version has come in its place.
      playlist = null;
      return 0;
    }
    return Playlist.lines(new String(text.get(), StandardCharsets.UTF_8)).size();
  }

  private JsonNode state() throws Exception {
    return stages.get("/replays/" + id);
  }

  private String text(String path) throws Exception {
    return new String(stages.body(path), StandardCharsets.UTF_8);
  }
}
