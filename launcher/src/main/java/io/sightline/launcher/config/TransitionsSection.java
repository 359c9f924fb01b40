package io.sightline.launcher.config;

import io.sightline.records.Ids;
import java.nio.file.Path;
import java.util.Map;

/**
 * Files that replays may show between their items, before the first or after the last.
 *
 * @param clips videos, by the name that requests use
 * @param pictures PNGs and JPEGs that items fade into, by the name that requests use
 */
public record TransitionsSection(Map<String, Path> clips, Map<String, Path> pictures) {

  public TransitionsSection {
    clips = Configuration.ordered(clips);
    pictures = Configuration.ordered(pictures);
    clips.keySet().forEach(name -> Ids.requireName("clip", name));
    pictures.keySet().forEach(name -> Ids.requireName("picture", name));
  }
}
