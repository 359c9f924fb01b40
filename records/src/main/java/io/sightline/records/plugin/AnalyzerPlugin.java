package io.sightline.records.plugin;

import io.sightline.records.Settings;

/**
 * A kind of analyzer. One instance serves all streams of a process, so it is the place for what is
 * dear and shared, such as a loaded model; {@link #close()} gives it back.
 */
public interface AnalyzerPlugin extends AutoCloseable {

  /** As profiles name it in {@code use}: a-z, 0-9 and '-'. */
  String name();

  /** Whether it looks at frames, so that sources without pictures can be refused early. */
  boolean needsPictures();

  /**
   * Checks settings without opening anything dear. Reads each, then calls {@link
   * Settings#complete()}.
   *
   * @throws IllegalArgumentException naming the setting and what would be right
   */
  void check(Settings settings);

  /**
   * An analyzer for one run of one stream.
   *
   * @throws IllegalArgumentException when settings cannot work, such as a model file that is none
   */
  Analyzer open(Settings settings);

  @Override
  default void close() {}
}
