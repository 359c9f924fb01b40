package io.sightline.bench;

/** Tells people what is going on. */
public interface Progress {
  void say(String sentence);
}
