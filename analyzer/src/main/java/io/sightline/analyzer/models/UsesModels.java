package io.sightline.analyzer.models;

/** What a plugin implements that loads model files; told before its first use. */
public interface UsesModels {

  void models(ModelFolder folder);
}
