package io.sightline.replay;

import io.sightline.media.MediaException;
import io.sightline.media.MediaException.Reason;
import io.sightline.records.ClipIndex;
import io.sightline.records.Ids;
import io.sightline.records.Json;
import io.sightline.records.ReelPartOrder;
import io.sightline.records.TrackInfo;
import io.sightline.records.Transitions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How the items of one replay are joined, with all that was named by a name found: which parts have
 * to be encoded, and what each is called.
 *
 * @param in how an item begins behind another; null when as it is
 * @param out how an item ends before another; null when as it is
 * @param clip id of the file that plays between items; null for none
 * @param intro id of the file that plays first; null for none
 * @param outro id of the file that plays last; null for none
 */
record Joins(
    ReelPartOrder.Fade in, ReelPartOrder.Fade out, String clip, String intro, String outro) {

  private static final long MICROS_PER_MILLI = 1_000;
  private static final Joins NONE = new Joins(null, null, null, null, null);

  /**
   * @throws MediaException NOT_FOUND when something is named that is not configured any more
   */
  static Joins of(Transitions wanted, TransitionFiles files) throws MediaException {
    Transitions.Fade fade = wanted.fade();
    String picture = fade == null ? null : id("picture", fade.picture(), files.pictures());
    return new Joins(
        fade == null ? null : fade(fade.inMillis(), fade, picture),
        fade == null ? null : fade(fade.outMillis(), fade, picture),
        id("clip", wanted.clip(), files.clips()),
        id("clip", wanted.intro(), files.clips()),
        id("clip", wanted.outro(), files.clips()));
  }

  private static ReelPartOrder.Fade fade(Integer millis, Transitions.Fade fade, String picture) {
    return millis == null
        ? null
        : new ReelPartOrder.Fade(millis * MICROS_PER_MILLI, fade.rgb(), picture);
  }

  private static String id(String kind, String name, Map<String, TransitionFiles.Stored> configured)
      throws MediaException {
    if (name == null) {
      return null;
    }
    TransitionFiles.Stored stored = configured.get(name);
    if (stored == null) {
      throw new MediaException(
          Reason.NOT_FOUND,
          String.format(Locale.ROOT, "The %s '%s' is not configured here any more", kind, name));
    }
    return stored.id();
  }

  boolean none() {
    return equals(NONE);
  }

  /** Tells these from others; null when there is nothing of them. */
  String digest() {
    return none() ? null : Ids.digest(Json.encode(this));
  }

  /**
   * The part that an item becomes; also where it does not fade, so that all of the reel has one
   * header. Its id stands in place of its key, and the ids of files in place of theirs.
   *
   * @param first whether nothing is before it
   */
  ReelPartOrder item(String clip, String indexKey, boolean first) {
    ReelPartOrder.Fade begin = first ? null : in;
    ReelPartOrder named = new ReelPartOrder("", "", begin, out, null);
    String id = "clips/" + clip + "/faded-" + Ids.digest(Json.encode(named));
    return new ReelPartOrder(id, indexKey, begin, out, null);
  }

  /**
   * The parts that files become beside a clip, by the ids of the files; likewise with ids.
   *
   * @param form the first clip of the reel
   * @param audioTrack the only one that plays; null for all
   */
  Map<String, ReelPartOrder> files(ClipIndex form, String indexKey, Integer audioTrack) {
    // A clip for one track has that alone, whichever it is.
    Integer sound = audioTrack != null && audioTrack > 1 && sounds(form) == 1 ? audioTrack : null;
    Map<String, ReelPartOrder> parts = new TreeMap<>();
    for (String file : files()) {
      String name = file.substring(file.lastIndexOf('-') + 1);
      String id = "inserts/" + name + "-" + digest(form, sound);
      parts.put(file, new ReelPartOrder(id, indexKey, null, null, file, sound));
    }
    return parts;
  }

  private static long sounds(ClipIndex form) {
    return form.tracks().stream()
        .filter(info -> info.kind() == TrackInfo.Kind.AUDIO)
        .map(TrackInfo::track)
        .distinct()
        .count();
  }

  private Set<String> files() {
    Set<String> files = new HashSet<>();
    for (String file : new String[] {clip, intro, outro}) {
      if (file != null) {
        files.add(file);
      }
    }
    return files;
  }

  /** Of all that a file has to be like to stand beside a clip. */
  private static String digest(ClipIndex form, Integer sound) {
    List<String> forms = new ArrayList<>();
    Set<Integer> tracks = new HashSet<>();
    for (TrackInfo info : form.tracks()) {
      if (tracks.add(info.track())) {
        // Init parts are named by a digest of their content.
        String init = info.initKey().substring(info.initKey().lastIndexOf('-') + 1);
        forms.add(
            info.track()
                + " "
                + init
                + " "
                + info.timescale()
                + " "
                + info.reorderTicks()
                + " "
                + info.frameRate());
      }
    }
    if (sound != null) {
      forms.add("sound " + sound);
    }
    return Ids.digest(form.reorderMicros() + " " + forms);
  }
}
