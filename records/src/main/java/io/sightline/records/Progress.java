package io.sightline.records;

/** Is told how far the making of some media has come. Never blocks, never fails. */
@FunctionalInterface
public interface Progress {

  /**
   * It has come so far. May be called as often as one likes, from any thread.
   *
   * @param doing what is being done, in words: {@code cutting}
   * @param fraction of that which is done, 0 to 1
   */
  void at(String doing, double fraction);
}
