package io.sightline.ingestgateway.timelines;

import io.sightline.media.timeline.TimelineBundle;
import io.sightline.records.Clip;
import io.sightline.records.Ids;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The clips that a timeline names, as they lie in a bundle beside it. For one timeline. */
public final class BundledClips implements ClipFiles {

  private static final String FOLDER = "clips/";

  private final Map<String, String> keys = new LinkedHashMap<>();
  private final Map<String, String> names = new LinkedHashMap<>();

  @Override
  public File of(Clip clip) {
    if (clip.mp4Key() == null) {
      return new File(clip.id() + ".mp4", null);
    }
    String name = names.computeIfAbsent(clip.id(), id -> name(clip));
    keys.put(FOLDER + name, clip.mp4Key());
    return new File(name, TimelineBundle.url(FOLDER + name));
  }

  private String name(Clip clip) {
    return String.format(Locale.ROOT, "%03d-%s.mp4", names.size() + 1, Ids.nameFrom(clip.label()));
  }

  /** Keys of what was named, by the path in the bundle. */
  public Map<String, String> keys() {
    return Collections.unmodifiableMap(keys);
  }
}
