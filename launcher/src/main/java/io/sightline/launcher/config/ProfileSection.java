package io.sightline.launcher.config;

import io.sightline.records.KeepFrames;
import io.sightline.records.PluginSpec;
import io.sightline.records.Profile;
import io.sightline.records.Sampling;
import java.util.ArrayList;
import java.util.List;

/** A profile as declared here; its name is the key. */
public record ProfileSection(
    Sampling sample,
    KeepFrames keepFrames,
    List<PluginSpec> analyzers,
    PluginSpec classifier,
    List<PluginSpec> classifiers,
    PluginSpec optimizer) {

  Profile named(String name) {
    List<PluginSpec> all = new ArrayList<>(classifiers == null ? List.of() : classifiers);
    if (classifier != null) {
      all.add(0, classifier);
    }
    return new Profile(name, sample, keepFrames, analyzers, all, optimizer);
  }
}
