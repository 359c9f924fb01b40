package io.sightline.ingestgateway;

import io.sightline.ingestgateway.web.Problem;
import io.sightline.records.Transitions;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the configuration file names for the transitions of replays.
 *
 * @param clips videos that play between items, before the first or after the last
 * @param pictures that items fade into
 */
public record TransitionNames(Set<String> clips, Set<String> pictures) {

  /** Without any. */
  public static final TransitionNames NONE = new TransitionNames(Set.of(), Set.of());

  public TransitionNames {
    clips = Set.copyOf(clips);
    pictures = Set.copyOf(pictures);
  }

  /**
   * @throws Problem 422 when something is named that is not configured
   */
  public void require(Transitions wanted) {
    require("clip", "clip", wanted.clip(), clips);
    require("intro", "clip", wanted.intro(), clips);
    require("outro", "clip", wanted.outro(), clips);
    if (wanted.fade() != null) {
      require("fade.picture", "picture", wanted.fade().picture(), pictures);
    }
  }

  private static void require(String field, String kind, String name, Set<String> configured) {
    if (name == null || configured.contains(name)) {
      return;
    }
    throw Problem.of(
            422,
            "There is no "
                + kind
                + " '"
                + name
                + "' for transitions; "
                + (configured.isEmpty()
                    ? "the configuration names none under 'transitions." + kind + "s'."
                    : "there is " + String.join(", ", new TreeSet<>(configured)) + "."))
        .at("transitions." + field);
  }
}
